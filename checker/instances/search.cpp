#include "checker/instances/search.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "checker/instances/clauses.h"
#include "checker/instances/hints.h"
#include "checker/instances/refutation.h"
#include "checker/sat/sat.h"

namespace bulkhead::instances {

using system::Op;
using system::Term;
using system::TermId;

namespace {

constexpr std::size_t kRounds = 3;
constexpr std::size_t kMostInstances = 500;
constexpr std::uint32_t kConflicts = 2'000;

/// A hint by what it speaks of, which stays the same when others are left out.
struct Opening {
  TermId quantified;
  bool witness = false;
  std::vector<TermId> values = {};
  friend auto operator<=>(const Opening&, const Opening&) = default;
};

/// In which of the two senses a quantified formula occurs.
struct Senses {
  bool positive = false, negative = false;
};

class Search {
 public:
  Search(conditions::Terms& terms, const conditions::Condition& condition)
      : terms_(terms), condition_(condition), opened_(terms) {}

  std::optional<std::string> operator()() {
    for (const TermId hypothesis : condition_.hypotheses) look(hypothesis, true);
    look(condition_.goal, false);
    const std::set<system::FunctionId> subject = functions_of(condition_.goal);
    for (std::size_t round = 0; round < kRounds; ++round) {
      const bool more = grow(round > 1, round == 0 ? &subject : nullptr);
      if (round > 1 && !more) return std::nullopt;
      if (const auto needed = refuted()) return numbered(*needed);
      if (openings_.size() > kMostInstances) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  /// The quantified formulas outside of others, and the senses in which they occur.
  void look(TermId root, bool positive) {
    std::set<std::pair<TermId, bool>> seen;
    std::vector<std::pair<TermId, bool>> open{{root, positive}};
    while (!open.empty()) {
      const auto [id, sense] = open.back();
      open.pop_back();
      if (!seen.insert({id, sense}).second) continue;
      const Term& term = terms_.at(id);
      if (term.op == Op::ForAll || term.op == Op::Exists) {
        if (!senses_.contains(id)) order_.push_back(id);
        (sense ? senses_[id].positive : senses_[id].negative) = true;
        continue;
      }
      for (std::size_t i = 0; i < term.args.size(); ++i) {
        const bool turned = term.op == Op::Not || (term.op == Op::Implies && i == 0);
        const bool plain = term.op == Op::And || term.op == Op::Or || (term.op == Op::IfThenElse && i > 0);
        if (turned || plain || term.op == Op::Implies) {
          open.emplace_back(term.args[i], turned ? !sense : sense);
        } else {
          open.emplace_back(term.args[i], true);
          open.emplace_back(term.args[i], false);
        }
      }
    }
  }

  /// Which opening brought a clause, and which one a term: 0 for none, else its number from 1 on.
  struct Origins {
    std::vector<std::size_t> clauses;
    std::map<TermId, std::size_t> terms;

    void add(const Clauses& made, std::size_t number) {
      clauses.resize(made.clauses().size(), number);
      for (const auto* list : {&made.quantified(), &made.values()}) {
        for (const TermId id : *list) terms.try_emplace(id, number);
      }
    }
  };

  Clauses replayed(const std::vector<Opening>& openings, std::vector<Hint>* hints, Origins* origins) {
    Clauses clauses(opened_);
    for (const TermId hypothesis : condition_.hypotheses) clauses.assert_that(hypothesis, true);
    clauses.assert_that(condition_.goal, false);
    if (origins != nullptr) origins->add(clauses, 0);
    for (std::size_t i = 0; i < openings.size(); ++i) {
      Hint hint{place(clauses.quantified(), openings[i].quantified), openings[i].witness};
      for (const TermId value : openings[i].values) hint.values.push_back(place(clauses.values(), value));
      if (hint.witness)
        clauses.witness(hint.quantified);
      else
        clauses.instantiate(hint.quantified, hint.values);
      if (hints != nullptr) hints->push_back(std::move(hint));
      if (origins != nullptr) origins->add(clauses, i + 1);
    }
    return clauses;
  }
  static std::size_t place(const std::vector<TermId>& list, TermId id) {
    return static_cast<std::size_t>(std::find(list.begin(), list.end(), id) - list.begin());
  }

  std::set<system::FunctionId> functions_of(TermId formula) const {
    std::set<system::FunctionId> found;
    const TermId roots[] = {formula};
    for (const TermId id : conditions::reachable(terms_.system(), roots)) {
      if (terms_.at(id).op == Op::Apply) found.insert(terms_.at(id).function);
    }
    return found;
  }

  /// Whether there was anything to open. `subject`: only formulas about these functions alone get values.
  bool grow(bool every_value, const std::set<system::FunctionId>* subject) {
    const std::size_t before = openings_.size();
    for (std::size_t i = 0; i < order_.size(); ++i) {  // grows
      const Senses senses = senses_.at(order_[i]);
      const bool universal = terms_.at(order_[i]).op == Op::ForAll;
      if (universal ? senses.negative : senses.positive) open({order_[i], true});
    }
    const Clauses clauses = replayed(openings_, nullptr, nullptr);
    std::map<system::Type, std::vector<TermId>> values;
    for (const TermId value : clauses.values()) {
      const Term& term = terms_.at(value);
      if (every_value || term.args.empty()) values[term.type].push_back(value);
    }
    const std::vector<TermId> known = order_;
    for (const TermId id : known) {
      if (subject != nullptr) {
        const auto about = functions_of(id);
        if (!std::includes(subject->begin(), subject->end(), about.begin(), about.end())) continue;
      }
      const Senses senses = senses_.at(id);
      const bool universal = terms_.at(id).op == Op::ForAll;
      if (universal ? senses.positive : senses.negative) open_all(id, values);
    }
    return openings_.size() > before;
  }

  void open_all(TermId id, const std::map<system::Type, std::vector<TermId>>& values) {
    const std::vector<system::BinderId> binders = terms_.at(id).binders;
    std::vector<const std::vector<TermId>*> lists;
    for (const system::BinderId binder : binders) {
      const auto found = values.find(terms_.system().at(binder).type);
      if (found == values.end()) {  // there is some value, as yet without a name
        open({id, true});
        return;
      }
      lists.push_back(&found->second);
    }
    std::vector<std::size_t> at(binders.size(), 0);
    while (openings_.size() <= kMostInstances) {
      Opening next{id};
      for (std::size_t i = 0; i < at.size(); ++i) next.values.push_back((*lists[i])[at[i]]);
      open(next);
      std::size_t i = 0;
      while (i < at.size() && ++at[i] == lists[i]->size()) at[i++] = 0;
      if (i == at.size()) return;
    }
  }

  void open(const Opening& opening) {
    if (!known_.insert(opening).second) return;
    openings_.push_back(opening);
    const auto& values = opening.witness ? opened_.witnesses(opening.quantified) : opening.values;
    const bool universal = terms_.at(opening.quantified).op == Op::ForAll;
    look(opened_.body(opening.quantified, values), universal != opening.witness);
  }

  /// The openings that a refutation names, with those that they build on; none: there is no refutation.
  std::optional<std::vector<Opening>> refuted() {
    Origins origins;
    Clauses clauses = replayed(openings_, nullptr, &origins);
    clauses.close();
    if (clauses.is_spent()) return std::nullopt;
    const auto proof = sat::refute(clauses.clauses(), kConflicts);
    if (!proof) return std::nullopt;
    std::set<std::size_t> needed;
    for (const std::size_t clause : named(*proof)) {
      if (clause <= origins.clauses.size()) needed.insert(origins.clauses[clause - 1]);
    }
    needed.erase(0);
    // What an opening speaks of has to be there before it: later openings build on earlier ones.
    for (auto number = needed.rbegin(); number != needed.rend(); ++number) {
      if (*number == 0) break;
      const Opening& opening = openings_[*number - 1];
      needed.insert(origins.terms.at(opening.quantified));
      for (const TermId value : opening.values) needed.insert(origins.terms.at(value));
    }
    needed.erase(0);
    std::vector<Opening> chosen;
    for (const std::size_t number : needed) chosen.push_back(openings_[number - 1]);
    return chosen;
  }

  /// The numbers behind the first 0 of each line: reasons. Deletions name nothing new.
  static std::set<std::size_t> named(const std::string& proof) {
    std::set<std::size_t> numbers;
    std::istringstream lines(proof);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream fields(line);
      std::string field;
      int zeros = 0;
      fields >> field;
      while (fields >> field) {
        if (field == "d") break;
        if (field == "0")
          ++zeros;
        else if (zeros == 1)
          numbers.insert(static_cast<std::size_t>(std::stoll(field)));
      }
    }
    return numbers;
  }

  std::optional<std::string> numbered(const std::vector<Opening>& openings) {
    std::vector<Hint> hints;
    replayed(openings, &hints, nullptr);
    return write(hints);
  }

  conditions::Terms& terms_;
  const conditions::Condition& condition_;
  Opened opened_;
  std::vector<TermId> order_;  // quantified formulas as they were met
  std::map<TermId, Senses> senses_;
  std::vector<Opening> openings_;
  std::set<Opening> known_;
};

}  // namespace

std::optional<std::string> find_hints(conditions::Terms& terms, const conditions::Condition& condition) {
  auto hints = Search(terms, condition)();
  if (!hints || objection(terms, condition, *hints)) return std::nullopt;
  return hints;
}

}  // namespace bulkhead::instances
