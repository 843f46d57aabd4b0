#include "checker/conditions/terms.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "lang/base/check.h"

namespace bulkhead::conditions {

using system::Op;
using system::Term;

Terms::Terms(const system::System& system) : system_(system) {
  for (std::size_t i = 0; i < system_.terms.size(); ++i) {
    for (const TermId arg : system_.terms[i].args) {
      BH_CHECK(arg.index() < i, "arguments stand before what uses them");
    }
    known_.emplace(system_.terms[i], TermId{i});
  }
}

TermId Terms::intern(Term term) {
  const auto found = known_.find(term);
  if (found != known_.end()) return found->second;
  for (const TermId arg : term.args) BH_CHECK(arg.index() < system_.terms.size(), "a term's arguments exist");
  const TermId id{system_.terms.size()};
  system_.terms.push_back(term);
  known_.emplace(std::move(term), id);
  return id;
}

TermId Terms::truth(bool value) {
  Term term;
  term.value = value ? 1 : 0;
  return intern(std::move(term));
}

TermId Terms::member(system::EnumId enumeration, std::size_t place) {
  BH_CHECK(place < system_.at(enumeration).members.size(), "an enumeration has this member");
  Term term;
  term.op = Op::Constant;
  term.type = system::of_enum(enumeration);
  term.value = static_cast<std::int64_t>(place);
  return intern(std::move(term));
}

TermId Terms::bound(BinderId binder) {
  Term term;
  term.op = Op::Bound;
  term.type = system_.at(binder).type;
  term.binder = binder;
  return intern(std::move(term));
}

TermId Terms::negation(TermId a) {
  BH_CHECK(at(a).type == system::kBool, "only a Boolean is negated");
  if (at(a).op == Op::Constant) return truth(at(a).value == 0);
  if (at(a).op == Op::Not) return at(a).args[0];
  Term term;
  term.op = Op::Not;
  term.args = {a};
  return intern(std::move(term));
}

TermId Terms::connective(Op op, std::vector<TermId> args) {
  const TermId neutral = truth(op == Op::And);
  const TermId dominant = truth(op == Op::Or);
  std::vector<TermId> kept;
  for (const TermId arg : args) {
    BH_CHECK(at(arg).type == system::kBool, "a connective joins Booleans");
    if (arg == dominant) return dominant;
    if (arg != neutral && std::find(kept.begin(), kept.end(), arg) == kept.end()) kept.push_back(arg);
  }
  if (kept.empty()) return neutral;
  if (kept.size() == 1) return kept.front();
  Term term;
  term.op = op;
  term.args = std::move(kept);
  return intern(std::move(term));
}

TermId Terms::conjunction(std::vector<TermId> args) {
  return connective(Op::And, std::move(args));
}
TermId Terms::disjunction(std::vector<TermId> args) {
  return connective(Op::Or, std::move(args));
}

TermId Terms::implication(TermId a, TermId b) {
  BH_CHECK(at(a).type == system::kBool && at(b).type == system::kBool, "an implication joins Booleans");
  if (a == truth(true)) return b;
  if (a == truth(false) || b == truth(true) || a == b) return truth(true);
  if (b == truth(false)) return negation(a);
  Term term;
  term.op = Op::Implies;
  term.args = {a, b};
  return intern(std::move(term));
}

TermId Terms::equal(TermId a, TermId b) {
  BH_CHECK(at(a).type == at(b).type, "equality is of one type");
  if (a == b) return truth(true);
  const bool members = at(a).type.kind == system::Kind::Enum;
  if (members && at(a).op == Op::Constant && at(b).op == Op::Constant) return truth(false);  // else they were one term
  Term term;
  term.op = Op::Equal;
  term.args = {a, b};
  return intern(std::move(term));
}

TermId Terms::integer(std::int64_t value) {
  Term term;
  term.type = system::kInt;
  term.value = value;
  return intern(std::move(term));
}

TermId Terms::less_equal(TermId a, TermId b) {
  BH_CHECK(at(a).type == system::kInt && at(b).type == system::kInt, "an order of integers");
  if (a == b) return truth(true);
  Term term;
  term.op = Op::LessEqual;
  term.args = {a, b};
  return intern(std::move(term));
}

TermId Terms::sum(TermId a, TermId b) {
  BH_CHECK(at(a).type == system::kInt && at(b).type == system::kInt, "a sum of integers");
  Term term;
  term.op = Op::Add;
  term.type = system::kInt;
  term.args = {a, b};
  return intern(std::move(term));
}

TermId Terms::difference(TermId a, TermId b) {
  BH_CHECK(at(a).type == system::kInt && at(b).type == system::kInt, "a difference of integers");
  Term term;
  term.op = Op::Subtract;
  term.type = system::kInt;
  term.args = {a, b};
  return intern(std::move(term));
}

TermId Terms::if_then_else(TermId condition, TermId then, TermId otherwise) {
  BH_CHECK(at(condition).type == system::kBool && at(then).type == at(otherwise).type, "both branches have one type");
  if (condition == truth(true) || then == otherwise) return then;
  if (condition == truth(false)) return otherwise;
  Term term;
  term.op = Op::IfThenElse;
  term.type = at(then).type;
  term.args = {condition, then, otherwise};
  return intern(std::move(term));
}

TermId Terms::apply(FunctionId function, std::vector<TermId> args) {
  const system::Function& declared = system_.at(function);
  BH_CHECK(declared.arguments.size() == args.size(), "a function has its number of arguments");
  for (std::size_t i = 0; i < args.size(); ++i) {
    BH_CHECK(at(args[i]).type == declared.arguments[i], "each argument has its type");
  }
  Term term;
  term.op = Op::Apply;
  term.type = declared.result;
  term.function = function;
  term.args = std::move(args);
  return intern(std::move(term));
}

TermId Terms::quantified(Op op, std::vector<BinderId> binders, TermId body) {
  BH_CHECK(op == Op::ForAll || op == Op::Exists, "a quantifier");
  BH_CHECK(at(body).type == system::kBool, "a quantifier ranges over a Boolean");
  if (binders.empty() || at(body).op == Op::Constant) return body;  // no type is empty
  Term term;
  term.op = op;
  term.binders = std::move(binders);
  term.args = {body};
  return intern(std::move(term));
}

TermId Terms::rebuilt(TermId id, std::vector<TermId> args) {
  const Term& old = at(id);
  BH_CHECK(old.args.size() == args.size(), "as many arguments as before");
  switch (old.op) {
    case Op::Not:
      return negation(args[0]);
    case Op::And:
      return conjunction(std::move(args));
    case Op::Or:
      return disjunction(std::move(args));
    case Op::Implies:
      return implication(args[0], args[1]);
    case Op::Equal:
      return equal(args[0], args[1]);
    case Op::IfThenElse:
      return if_then_else(args[0], args[1], args[2]);
    case Op::Apply:
      return apply(old.function, std::move(args));
    case Op::ForAll:
    case Op::Exists:
      return quantified(old.op, old.binders, args[0]);
    case Op::Constant:
    case Op::Bound:
    case Op::Less:
    case Op::LessEqual:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
      break;
  }
  Term term = old;
  for (std::size_t i = 0; i < args.size(); ++i) {
    BH_CHECK(at(args[i]).type == at(old.args[i]).type, "an argument keeps its type");
  }
  term.args = std::move(args);
  return intern(std::move(term));
}

BinderId Terms::fresh(BinderId like) {
  return fresh(system::Binder(system_.at(like)));
}

BinderId Terms::fresh(system::Binder binder) {
  system_.binders.push_back(std::move(binder));
  return BinderId{system_.binders.size() - 1};
}

FunctionId Terms::declare(system::Function function) {
  system_.functions.push_back(std::move(function));
  return FunctionId{system_.functions.size() - 1};
}

std::vector<TermId> reachable(const system::System& system, std::span<const TermId> roots) {
  std::vector<bool> seen(system.terms.size());
  std::vector<TermId> pending(roots.begin(), roots.end());
  while (!pending.empty()) {
    const TermId id = pending.back();
    pending.pop_back();
    if (seen.at(id.index())) continue;
    seen[id.index()] = true;
    pending.insert(pending.end(), system.at(id).args.begin(), system.at(id).args.end());
  }
  std::vector<TermId> all;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i]) all.emplace_back(i);
  }
  return all;
}

std::vector<BinderId> free_binders(const system::System& system, TermId term) {
  const TermId roots[] = {term};
  std::unordered_map<TermId, std::set<BinderId>> free;
  for (const TermId id : reachable(system, roots)) {
    const Term& node = system.at(id);
    std::set<BinderId>& mine = free[id];
    if (node.op == Op::Bound) mine.insert(node.binder);
    for (const TermId arg : node.args) mine.insert(free[arg].begin(), free[arg].end());
    for (const BinderId binder : node.binders) mine.erase(binder);
  }
  return {free[term].begin(), free[term].end()};
}

}  // namespace bulkhead::conditions
