#include "checker/safety/templates.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "checker/machine/machine.h"

namespace bulkhead::safety {

using interchange::Clause;
using interchange::Clauses;
using term::Op;

namespace {

constexpr std::size_t kMaxTerms = 96, kMaxPairs = 8, kMaxBooleans = 5;

/// What the clauses say, in terms of the parameters of the relations.
class Harvest {
 public:
  Harvest(Clauses& clauses, std::vector<Template>& made) : clauses_(clauses), made_(made) {}

  void comparisons_and_conditions() {
    for (const Clause& clause : clauses_.clauses) {
      const std::vector<TermId> all = term::reachable(clauses_.store, clause.constraints);
      for (const TermId application : clause.body) look(all, application);
      if (clause.head.valid()) look(all, clause.head);
    }
  }

  const std::vector<std::vector<TermId>>& conditions() const { return conditions_; }

 private:
  void look(const std::vector<TermId>& all, TermId application) {
    const std::size_t relation = clauses_.relation(application);
    conditions_.resize(made_.size());
    const std::vector<TermId> arguments = clauses_.store.at(application).args;  // a copy: the arena grows
    std::map<TermId, TermId> by;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (clauses_.store.at(arguments[i]).op == Op::Variable) by.emplace(arguments[i], made_[relation].parameters[i]);
    }
    for (const TermId id : all) {
      const term::Node node = clauses_.store.at(id);  // a copy: the arena grows
      const bool compares = node.op == Op::Less || node.op == Op::LessEqual || node.op == Op::Equal;
      if (compares && clauses_.store.sort(node.args[0]) == term::kInt && maps(id, by)) {
        const TermId difference = clauses_.store.apply(Op::Subtract, {node.args[0], node.args[1]});
        add(made_[relation].terms, machine::substitute(clauses_.store, difference, by));
      }
      if (node.op == Op::Ite && maps(node.args[0], by)) {
        add(conditions_[relation], machine::substitute(clauses_.store, node.args[0], by));
      }
    }
    for (const TermId id : all) {
      const term::Node node = clauses_.store.at(id);
      const bool compares = node.op == Op::Less || node.op == Op::LessEqual || node.op == Op::Equal;
      if (compares && clauses_.store.sort(node.args[0]) == term::kInt && maps(id, by)) {
        add(conditions_[relation], machine::substitute(clauses_.store, id, by));
      }
    }
  }

  /// Every variable of the term is one of the arguments, and there is one.
  bool maps(TermId root, const std::map<TermId, TermId>& by) const {
    const TermId roots[] = {root};
    bool some = false;
    for (const TermId id : term::reachable(clauses_.store, roots)) {
      if (clauses_.store.at(id).op != Op::Variable) continue;
      if (!by.contains(id)) return false;
      some = true;
    }
    return some;
  }

  static void add(std::vector<TermId>& list, TermId term) {
    if (list.size() < kMaxTerms && std::find(list.begin(), list.end(), term) == list.end()) list.push_back(term);
  }

  Clauses& clauses_;
  std::vector<Template>& made_;
  std::vector<std::vector<TermId>> conditions_;  // by relation
};

void add_pairs(term::Store& store, Template& one) {
  const std::size_t count = std::min(one.numbers.size(), kMaxPairs);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = i + 1; k < count; ++k) {
      for (const Op op : {Op::Subtract, Op::Add}) {
        one.terms.push_back(store.apply(op, {one.numbers[i], one.numbers[k]}));
      }
    }
  }
}

}  // namespace

std::vector<Template> templates(Clauses& clauses, const Effort& effort) {
  std::vector<Template> made;
  term::Store& store = clauses.store;
  for (std::size_t i = 0; i < clauses.relations.size(); ++i) {
    Template one;
    const auto sorts = store.symbols().at(i).arguments;  // a copy: the arena grows
    for (std::size_t k = 0; k < sorts.size(); ++k) {
      const TermId parameter = store.variable("a" + std::to_string(i) + "." + std::to_string(k), sorts[k]);
      one.parameters.push_back(parameter);
      if (sorts[k] == term::kInt) one.numbers.push_back(parameter);
      if (sorts[k] == term::kBool && one.cases.size() < kMaxBooleans) one.cases.push_back(parameter);
    }
    one.terms = one.numbers;
    made.push_back(std::move(one));
  }
  Harvest harvest(clauses, made);
  harvest.comparisons_and_conditions();
  for (std::size_t i = 0; i < made.size(); ++i) {
    Template& one = made[i];
    if (effort.pairs) add_pairs(store, one);
    const auto& conditions = harvest.conditions();
    for (std::size_t k = 0; i < conditions.size() && k < std::min(effort.cases, conditions[i].size()); ++k) {
      one.cases.push_back(conditions[i][k]);
    }
    if (effort.parity && *effort.parity < one.numbers.size()) {
      const std::string name = "p" + std::to_string(i);
      one.divisions.push_back({one.numbers[*effort.parity], 2, store.variable(name + ".q", term::kInt),
                               store.variable(name + ".r", term::kInt)});
      one.cases.push_back(store.equal(one.divisions.back().rest, store.number(0)));
    }
  }
  return made;
}

std::vector<std::int64_t> thresholds(const Clauses& clauses) {
  std::set<std::int64_t> named{0};
  for (std::size_t i = 0; i < clauses.store.size(); ++i) {
    const term::Node& node = clauses.store.at(TermId{i});
    const auto value = static_cast<std::int64_t>(node.word.low);
    if (node.op == Op::Number && value > INT64_MIN / 2 && value < INT64_MAX / 2) named.insert(value);
  }
  std::set<std::int64_t> near;
  for (const std::int64_t value : named) {
    for (const std::int64_t one : {value, -value}) near.insert({one - 1, one, one + 1});
  }
  std::vector<std::int64_t> made(near.begin(), near.end());
  if (made.size() > kMaxThresholds) {
    std::nth_element(made.begin(), made.begin() + kMaxThresholds, made.end(),
                     [](std::int64_t a, std::int64_t b) { return std::abs(a) < std::abs(b); });
    made.resize(kMaxThresholds);
    std::sort(made.begin(), made.end());
  }
  return made;
}

}  // namespace bulkhead::safety
