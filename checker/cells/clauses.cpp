#include "checker/cells/clauses.h"

#include <algorithm>
#include <map>

#include "checker/cells/hypotheses.h"
#include "checker/conditions/conditions.h"
#include "checker/conditions/substitute.h"
#include "checker/interchange/horn_clause.h"
#include "checker/term/smt2.h"

namespace bulkhead::cells {

using conditions::Substitution;
using conditions::Terms;
using interchange::HornClause;
using interchange::Relates;
using system::Kind;
using system::Op;
using system::Term;
using system::TermId;
using Smt = term::TermId;

namespace {

/// Windows on the elements of one clause; applications in one clause: more make it useless.
constexpr std::size_t kMostWindows = 16, kMostApplications = 160;

term::Sort sort_of(const system::Type& type) {
  if (type.kind == Kind::Bool) return term::kBool;
  if (type.kind == Kind::Bits) return term::bits(type.width);
  return term::kInt;  // members of enumerations by their place; elements as numbers that are only compared
}

/// Terms about one state without functions: each application is a variable, and equal arguments have equal values.
class Flat {
 public:
  explicit Flat(const Terms& terms) : terms_(terms) {}

  term::Store store;

  Smt flat(TermId root);
  /// What is so of every value that was used.
  std::vector<Smt> facts();
  bool is_large() const { return applications_.size() > kMostApplications; }

 private:
  struct Application {
    system::FunctionId function;
    std::vector<Smt> arguments;
    Smt value;
  };
  Smt variable(TermId id, const system::Type& type);
  Smt made(const Term& one, const std::vector<Smt>& args);
  Smt ordered(const Term& one, const std::vector<Smt>& args);
  Smt arithmetic(const Term& one, const std::vector<Smt>& args);

  const Terms& terms_;
  std::map<TermId, Smt> done_;
  std::vector<Application> applications_;
  std::vector<Smt> ranges_;
};

Smt Flat::variable(TermId id, const system::Type& type) {
  const Smt made = store.variable("v" + std::to_string(id.index()), sort_of(type));
  if (type.kind == Kind::Enum) {
    const auto members = static_cast<std::int64_t>(terms_.system().at(type.enumeration).members.size());
    ranges_.push_back(store.apply(term::Op::LessEqual, {store.number(0), made}));
    ranges_.push_back(store.apply(term::Op::Less, {made, store.number(members)}));
  }
  return made;
}

Smt Flat::ordered(const Term& one, const std::vector<Smt>& args) {
  const bool words = store.sort(args[0]).kind == term::Sort::Kind::Bits;
  const bool strict = one.op == Op::Less;
  const term::Op op = words ? (strict ? term::Op::UnsignedLess : term::Op::UnsignedLessEqual)
                            : (strict ? term::Op::Less : term::Op::LessEqual);
  return store.apply(op, args);
}

Smt Flat::arithmetic(const Term& one, const std::vector<Smt>& args) {
  const bool words = one.type.kind == Kind::Bits;
  term::Op op = words ? term::Op::BitAdd : term::Op::Add;
  if (one.op == Op::Subtract) op = words ? term::Op::BitSub : term::Op::Subtract;
  if (one.op == Op::Multiply) op = words ? term::Op::BitMul : term::Op::Multiply;
  Smt value = args[0];
  for (std::size_t i = 1; i < args.size(); ++i) value = store.apply(op, {value, args[i]});
  return value;
}

Smt Flat::made(const Term& one, const std::vector<Smt>& args) {
  switch (one.op) {
    case Op::Constant:
      if (one.type.kind == Kind::Bool) return store.truth(one.value != 0);
      if (one.type.kind == Kind::Bits) return store.constant(static_cast<std::uint64_t>(one.value), one.type.width);
      return store.number(one.value);
    case Op::Not:
      return store.negation(args[0]);
    case Op::And:
      return store.conjunction(args);
    case Op::Or:
      return store.disjunction(args);
    case Op::Implies:
      return store.implication(args[0], args[1]);
    case Op::Equal:
      return store.equal(args[0], args[1]);
    case Op::IfThenElse:
      return store.ite(args[0], args[1], args[2]);
    case Op::Less:
    case Op::LessEqual:
      return ordered(one, args);
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
      return arithmetic(one, args);
    case Op::Bound:
    case Op::Apply:
    case Op::ForAll:
    case Op::Exists:
      break;
  }
  return store.truth(true);  // those of the last group are variables: flat()
}

Smt Flat::flat(TermId root) {
  std::vector<TermId> open{root};
  while (!open.empty()) {
    const TermId id = open.back();
    const Term& one = terms_.at(id);
    const bool quantified = one.op == Op::ForAll || one.op == Op::Exists;
    std::vector<Smt> args;
    bool ready = true;
    for (const TermId arg : one.args) {
      if (quantified || done_.contains(id)) break;
      const auto found = done_.find(arg);
      if (found == done_.end()) {
        open.push_back(arg);
        ready = false;
      } else {
        args.push_back(found->second);
      }
    }
    if (!ready) continue;
    open.pop_back();
    if (done_.contains(id)) continue;
    const bool free = quantified || one.op == Op::Bound || one.op == Op::Apply;
    const Smt value = free ? variable(id, one.type) : made(one, args);
    if (one.op == Op::Apply) applications_.push_back({one.function, std::move(args), value});
    done_.emplace(id, value);
  }
  return done_.at(root);
}

std::vector<Smt> Flat::facts() {
  std::vector<Smt> list = ranges_;
  for (std::size_t i = 0; i < applications_.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Application &a = applications_[i], &b = applications_[j];
      if (a.function != b.function) continue;
      std::vector<Smt> same;
      for (std::size_t k = 0; k < a.arguments.size(); ++k) {
        same.push_back(store.equal(a.arguments[k], b.arguments[k]));
      }
      list.push_back(store.implication(store.conjunction(std::move(same)), store.equal(a.value, b.value)));
    }
  }
  return list;
}

/// One clause: what is assumed, windows, and where it leads.
class Clause {
 public:
  Clause(Terms& terms, const Window& window, const Seen& seen) : terms_(terms), window_(window), hypotheses_(terms) {
    for (const TermId one : named_elements(terms, seen)) hypotheses_.name(one);
  }

  Hypotheses& hypotheses() { return hypotheses_; }

  /// The window is on these elements, which may be named too.
  void look() {
    for (const system::BinderId one : window_.elements) hypotheses_.name(terms_.bound(one));
  }

  enum class Before : bool { Nothing, Shown };
  /// `head`: what the window shows, as terms over the state that is assumed; empty: nothing.
  std::optional<std::string> text(Before before, const std::vector<TermId>& head) {
    const auto instances = hypotheses_.instances();
    Flat flat(terms_);
    HornClause clause;
    for (const TermId one : instances) clause.body.push_back(flat.flat(one));
    if (before == Before::Shown) {
      for (const Substitution& elements : windows()) {
        Relates shown{kRelation, {}};
        for (const TermId one : window_.terms) {
          shown.arguments.push_back(flat.flat(conditions::instantiate(terms_, one, elements)));
        }
        clause.from.push_back(std::move(shown));
      }
    }
    if (!head.empty()) {
      clause.head = Relates{kRelation, {}};
      for (const TermId one : head) clause.head->arguments.push_back(flat.flat(one));
    }
    if (flat.is_large()) return std::nullopt;
    const auto facts = flat.facts();
    clause.body.insert(clause.body.end(), facts.begin(), facts.end());
    const Smt never = flat.store.truth(false), always = flat.store.truth(true);
    if (std::find(clause.body.begin(), clause.body.end(), never) != clause.body.end()) return "";
    std::erase(clause.body, always);
    return interchange::horn_clause(flat.store, clause);
  }

 private:
  /// Each way to put elements of the clause in the place of the window's, the window's own first; itself where the
  /// clause names none.
  std::vector<Substitution> windows() {
    std::vector<Substitution> rows{{}};
    for (const system::BinderId binder : window_.elements) {
      std::vector<TermId> choices;
      for (const TermId one : values_of(terms_, terms_.system().at(binder).type, hypotheses_.elements())) {
        if (terms_.at(one).op == Op::Bound) choices.push_back(one);
      }
      const auto own = std::find(choices.begin(), choices.end(), terms_.bound(binder));
      if (own != choices.end()) std::rotate(choices.begin(), own, own + 1);
      if (choices.empty()) choices.push_back(terms_.bound(binder));
      std::vector<Substitution> longer;
      for (const Substitution& row : rows) {
        for (const TermId one : choices) {
          if (longer.size() < kMostWindows) (longer.emplace_back(row))[binder] = one;
        }
      }
      rows = std::move(longer);
    }
    return rows;
  }

  Terms& terms_;
  const Window& window_;
  Hypotheses hypotheses_;
};

std::string declaration(const Terms& terms, const Window& window) {
  std::string text = std::string("(set-logic HORN)\n(declare-fun ") + kRelation + " (";
  for (std::size_t i = 0; i < window.terms.size(); ++i) {
    text += (i == 0 ? "" : " ") + term::sort_text(sort_of(terms.at(window.terms[i]).type));
  }
  return text + ") Bool)\n";
}

}  // namespace

std::vector<std::uint32_t> elements_of_violation(Terms& terms, TermId formula) {
  Hypotheses hypotheses(terms);
  hypotheses.refute(formula);
  std::vector<std::uint32_t> sizes(terms.system().sorts.size(), 0);
  for (const TermId one : hypotheses.elements()) {
    const system::Type& type = terms.at(one).type;
    if (type.kind == Kind::Sort) ++sizes.at(type.sort.index());
  }
  return sizes;
}

std::optional<std::string> clauses(Terms& terms, const Window& window, const Seen& seen, const Claim& claim) {
  const auto assumptions = conditions::assumptions(terms.system());
  std::string text = declaration(terms, window);
  const auto add = [&](const std::optional<std::string>& clause) {
    if (clause) text += *clause;
    return clause.has_value();
  };
  {
    Clause first(terms, window, seen);
    first.look();
    for (const TermId one : assumptions) first.hypotheses().assume(one);
    if (terms.system().initially.valid()) {
      first.hypotheses().assume(conditions::at_start(terms, terms.system().initially));
    }
    std::vector<TermId> head;
    for (const TermId one : window.terms) head.push_back(conditions::at_start(terms, one));
    if (!add(first.text(Clause::Before::Nothing, head))) return std::nullopt;
  }
  for (std::size_t i = 0; i < terms.system().actions.size(); ++i) {
    const system::Action action = terms.system().actions[i];  // a copy: the arena grows
    const Term guard = terms.at(action.guard);
    if (guard.op == Op::Constant && guard.value == 0) continue;
    Clause step(terms, window, seen);
    step.look();
    for (const system::BinderId one : action.parameters) step.hypotheses().name(terms.bound(one));
    for (const TermId one : assumptions) step.hypotheses().assume(one);
    for (const TermId one : claim.known) step.hypotheses().assume(one);
    step.hypotheses().assume(action.guard);
    std::vector<TermId> head;
    for (const TermId one : window.terms) head.push_back(conditions::after(terms, system::ActionId{i}, {}, one));
    if (!add(step.text(Clause::Before::Shown, head))) return std::nullopt;
  }
  Clause bad(terms, window, seen);
  for (const TermId one : assumptions) bad.hypotheses().assume(one);
  for (const TermId one : claim.known) bad.hypotheses().assume(one);
  bad.hypotheses().refute(claim.formula);
  if (!add(bad.text(Clause::Before::Shown, {}))) return std::nullopt;
  return text;
}

}  // namespace bulkhead::cells
