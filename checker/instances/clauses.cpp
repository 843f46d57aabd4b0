#include "checker/instances/clauses.h"

#include <algorithm>

namespace bulkhead::instances {

using system::Kind;
using system::Op;
using system::Term;

namespace {

constexpr sat::Literal kTrue = 1;

bool is_quantifier(Op op) {
  return op == Op::ForAll || op == Op::Exists;
}

/// An enumeration with more members than this is not listed.
constexpr std::size_t kMostMembers = 32;

}  // namespace

TermId Opened::body(TermId quantified, const std::vector<TermId>& values) {
  const auto [found, is_new] = bodies_.try_emplace({quantified, values});
  if (is_new) {
    const Term term = terms_.at(quantified);
    conditions::Substitution variables;
    for (std::size_t i = 0; i < values.size(); ++i) variables.emplace(term.binders[i], values[i]);
    found->second = conditions::instantiate(terms_, term.args[0], variables);
  }
  return found->second;
}

const std::vector<TermId>& Opened::witnesses(TermId quantified) {
  const auto [found, is_new] = witnesses_.try_emplace(quantified);
  if (is_new) {
    const std::vector<system::BinderId> binders = terms_.at(quantified).binders;
    for (const system::BinderId binder : binders) found->second.push_back(terms_.bound(terms_.fresh(binder)));
  }
  return found->second;
}

Clauses::Clauses(Opened& opened) : terms_(opened.terms()), opened_(opened) {
  clauses_.push_back({kTrue});
  values_ = {terms_.truth(false), terms_.truth(true)};
  literals_[values_[0]] = -kTrue;
  literals_[values_[1]] = kTrue;
}

void Clauses::add(sat::Clause clause) {
  if (!is_spent()) clauses_.push_back(std::move(clause));
}

void Clauses::assert_that(TermId formula, bool value) {
  const Literal whole = literal(formula);
  add({value ? whole : -whole});
}

/// Arguments first; what is inside of a quantifier is not looked at.
Clauses::Literal Clauses::literal(TermId formula) {
  std::vector<TermId> open{formula};
  while (!open.empty()) {
    const TermId id = open.back();
    const std::size_t before = open.size();
    if (!literals_.contains(id) && !met_.contains(id) && !is_quantifier(terms_.at(id).op)) {
      for (const TermId arg : terms_.at(id).args) {
        if (!literals_.contains(arg) && !met_.contains(arg)) open.push_back(arg);
      }
    }
    if (open.size() > before) continue;
    open.pop_back();
    visit(id);
  }
  return literals_.at(formula);
}

void Clauses::visit(TermId id) {
  if (literals_.contains(id) || met_.contains(id)) return;
  const Op op = terms_.at(id).op;
  if (op == Op::Apply) applications_[terms_.at(id).function].push_back(id);
  if (terms_.at(id).type == system::kBool)
    literals_[id] = made(id);
  else
    meet(id);
}

Clauses::Literal Clauses::made(TermId id) {
  const Term term = terms_.at(id);
  const auto arg = [&](std::size_t i) { return literals_.at(term.args[i]); };
  switch (term.op) {
    case Op::Constant:
      return term.value != 0 ? kTrue : -kTrue;
    case Op::Not:
      return -arg(0);
    case Op::And:
      return junction(term, true);
    case Op::Or:
      return junction(term, false);
    case Op::Implies:
      return choice(arg(0), arg(1), kTrue);
    case Op::IfThenElse:
      return choice(arg(0), arg(1), arg(2));
    case Op::Equal:
      if (terms_.at(term.args[0]).type == system::kInt) comparisons_.push_back(id);
      return same(term.args[0], term.args[1]);
    case Op::ForAll:
    case Op::Exists:
      quantified_.push_back(id);
      return fresh();
    case Op::Less:
    case Op::LessEqual:
      if (terms_.at(term.args[0]).type == system::kInt) comparisons_.push_back(id);
      break;
    case Op::Bound:
    case Op::Apply:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
      break;
  }
  return fresh();  // nothing is said of it but what congruence says
}

Clauses::Literal Clauses::junction(const Term& term, bool all) {
  const Literal whole = fresh();
  sat::Clause some{all ? whole : -whole};
  for (const TermId id : term.args) {
    const Literal arg = literals_.at(id);
    some.push_back(all ? -arg : arg);
    add(all ? sat::Clause{-whole, arg} : sat::Clause{whole, -arg});
  }
  add(std::move(some));
  return whole;
}

Clauses::Literal Clauses::choice(Literal condition, Literal then, Literal otherwise) {
  const Literal whole = fresh();
  add({-condition, -then, whole});
  add({-condition, then, -whole});
  add({condition, -otherwise, whole});
  add({condition, otherwise, -whole});
  return whole;
}

/// Constants of one type, written differently.
bool Clauses::differ(TermId a, TermId b) const {
  const Term& left = terms_.at(a);
  const Term& right = terms_.at(b);
  const bool listed = left.type.kind == Kind::Enum || left.type.kind == Kind::Int;
  return listed && left.op == Op::Constant && right.op == Op::Constant && left.value != right.value;
}

Clauses::Literal Clauses::same(TermId a, TermId b) {
  if (a == b) return kTrue;
  if (terms_.at(a).type == system::kBool) {
    const auto [found, is_new] = same_.try_emplace(std::minmax(a, b));
    if (is_new) found->second = choice(literals_.at(a), literals_.at(b), -literals_.at(b));
    return found->second;
  }
  if (differ(a, b)) return -kTrue;
  const auto [found, is_new] = same_.try_emplace(std::minmax(a, b));
  if (is_new) found->second = fresh();
  return found->second;
}

/// A value of an enumeration brings its members along.
void Clauses::meet(TermId value) {
  met_[value] = true;
  values_.push_back(value);
  const system::Type type = terms_.at(value).type;
  if (type.kind != Kind::Enum || terms_.at(value).op == Op::Constant) return;
  const std::size_t members = terms_.system().at(type.enumeration).members.size();
  if (members > kMostMembers) return;
  sat::Clause some;
  for (std::size_t place = 0; place < members; ++place) {
    const TermId member = terms_.member(type.enumeration, place);
    visit(member);
    some.push_back(same(value, member));
  }
  add(std::move(some));
}

bool Clauses::instantiate(std::size_t quantified, std::span<const std::size_t> values) {
  if (quantified >= quantified_.size()) return false;
  const TermId id = quantified_[quantified];
  const std::vector<system::BinderId> binders = terms_.at(id).binders;
  if (values.size() != binders.size()) return false;
  std::vector<TermId> chosen;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= values_.size()) return false;
    chosen.push_back(values_[values[i]]);
    if (terms_.at(chosen[i]).type != terms_.system().at(binders[i]).type) return false;
  }
  const Literal inside = literal(opened_.body(id, chosen));
  const Literal whole = literals_.at(id);
  add(terms_.at(id).op == Op::ForAll ? sat::Clause{-whole, inside} : sat::Clause{whole, -inside});
  return true;
}

bool Clauses::witness(std::size_t quantified) {
  if (quantified >= quantified_.size()) return false;
  const TermId id = quantified_[quantified];
  const std::vector<TermId>& constants = opened_.witnesses(id);
  const Literal inside = literal(opened_.body(id, constants));
  const Literal whole = literals_.at(id);
  for (const TermId constant : constants) visit(constant);
  add(terms_.at(id).op == Op::ForAll ? sat::Clause{whole, -inside} : sat::Clause{-whole, inside});
  return true;
}

/// Which branch a value is.
void Clauses::branches() {
  for (std::size_t i = 0; i < values_.size() && !is_spent(); ++i) {
    const Term term = terms_.at(values_[i]);
    if (term.op != Op::IfThenElse) continue;
    const Literal condition = literals_.at(term.args[0]);
    add({-condition, same(values_[i], term.args[1])});
    add({condition, same(values_[i], term.args[2])});
    if (term.type != system::kInt) continue;
    may_be_one_.emplace_back(values_[i], term.args[1]);
    may_be_one_.emplace_back(values_[i], term.args[2]);
  }
}

/// Equality is transitive.
void Clauses::order() {
  std::map<system::Type, std::vector<TermId>> by_type;
  for (const TermId value : values_) {
    if (terms_.at(value).type != system::kBool) by_type[terms_.at(value).type].push_back(value);
  }
  for (const auto& [type, list] : by_type) {
    for (std::size_t a = 0; a < list.size(); ++a) {
      for (std::size_t b = a + 1; b < list.size(); ++b) {
        for (std::size_t c = b + 1; c < list.size() && !is_spent(); ++c) {
          const Literal ab = same(list[a], list[b]), bc = same(list[b], list[c]), ac = same(list[a], list[c]);
          add({-ab, -bc, ac});
          add({-ab, -ac, bc});
          add({-ac, -bc, ab});
        }
      }
    }
  }
}

/// A function has one value for equal arguments.
void Clauses::congruence(TermId a, TermId b) {
  const Term left = terms_.at(a), right = terms_.at(b);
  sat::Clause clause;
  for (std::size_t i = 0; i < left.args.size(); ++i) {
    const Literal equal = same(left.args[i], right.args[i]);
    if (equal == -kTrue) return;
    if (equal != kTrue) clause.push_back(-equal);
  }
  if (left.type != system::kBool) {
    clause.push_back(same(a, b));
    add(std::move(clause));
    if (left.type == system::kInt) may_be_one_.emplace_back(a, b);
    return;
  }
  sat::Clause other = clause;
  clause.insert(clause.end(), {-literals_.at(a), literals_.at(b)});
  other.insert(other.end(), {literals_.at(a), -literals_.at(b)});
  add(std::move(clause));
  add(std::move(other));
}

/// Where the literal is true, a <= b; a < b where that is strict.
void Clauses::bound(Bounds& bounds, Literal literal, TermId a, TermId b, bool strict) const {
  const auto left = sum_of(terms_, a), right = sum_of(terms_, b);
  if (!left || !right) return;
  auto sum = difference(*left, *right);
  if (!sum) return;
  sum->constant += strict ? 1 : 0;
  bounds.add(literal, *sum);
}

/// Which comparisons exclude each other. Two integers that are not the same are one below the other.
void Clauses::arithmetic() {
  Bounds bounds;
  for (const TermId id : comparisons_) {
    const Term term = terms_.at(id);
    const TermId a = term.args[0], b = term.args[1];
    const Literal literal = literals_.at(id);
    if (term.op != Op::Equal) {
      bound(bounds, literal, a, b, term.op == Op::Less);
      bound(bounds, -literal, b, a, term.op == Op::LessEqual);
      continue;
    }
    may_be_one_.emplace_back(a, b);
    const Literal below = fresh(), above = fresh();
    add({literal, below, above});
    bound(bounds, below, a, b, true);
    bound(bounds, above, b, a, true);
  }
  for (const auto& [a, b] : may_be_one_) {
    const Literal literal = same(a, b);
    bound(bounds, literal, a, b, false);
    bound(bounds, literal, b, a, false);
  }
  for (sat::Clause& clause : bounds.contradictions()) add(std::move(clause));
}

void Clauses::close() {
  branches();
  order();
  for (const auto& [function, list] : applications_) {
    for (std::size_t a = 0; a < list.size(); ++a) {
      for (std::size_t b = a + 1; b < list.size() && !is_spent(); ++b) congruence(list[a], list[b]);
    }
  }
  arithmetic();
}

}  // namespace bulkhead::instances
