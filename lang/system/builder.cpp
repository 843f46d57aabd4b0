#include "lang/system/builder.h"

#include <utility>

namespace bulkhead::system {

Builder::Builder(System& system) : system_(system) {
  for (std::size_t i = 0; i < system.terms.size(); ++i) known_.emplace(system.terms[i], TermId(i));
}

SortId Builder::sort(std::string name) {
  system_.sorts.push_back({std::move(name), {}});
  return SortId(system_.sorts.size() - 1);
}

EnumId Builder::enumeration(std::string name, std::vector<std::string> members) {
  system_.enums.push_back({std::move(name), std::move(members), {}});
  return EnumId(system_.enums.size() - 1);
}

FunctionId Builder::function(std::string name, Change change, std::vector<Type> arguments, Type result) {
  Function function;
  function.name = std::move(name);
  function.change = change;
  function.arguments = std::move(arguments);
  function.result = result;
  system_.functions.push_back(std::move(function));
  return FunctionId(system_.functions.size() - 1);
}

BinderId Builder::binder(std::string name, Type type) {
  system_.binders.push_back({std::move(name), type});
  return BinderId(system_.binders.size() - 1);
}

ActionId Builder::action(std::string name, std::vector<BinderId> parameters, TermId guard,
                         std::vector<Update> updates) {
  system_.actions.push_back({std::move(name), std::move(parameters), guard, std::move(updates), {}});
  return ActionId(system_.actions.size() - 1);
}

PropertyId Builder::property(std::string name, PropertyKind kind, TermId formula) {
  system_.properties.push_back({std::move(name), kind, formula, {}});
  return PropertyId(system_.properties.size() - 1);
}

void Builder::initial(FunctionId function, std::vector<BinderId> parameters, TermId value) {
  Function& one = system_.functions.at(function.index());
  one.parameters = std::move(parameters);
  one.initial = value;
}

TermId Builder::intern(Term term) {
  const auto [found, is_new] = known_.try_emplace(term, TermId(system_.terms.size()));
  if (is_new) system_.terms.push_back(std::move(term));
  return found->second;
}

TermId Builder::node(Op op, Type type, std::vector<TermId> args) {
  Term term;
  term.op = op;
  term.type = type;
  term.args = std::move(args);
  return intern(std::move(term));
}

namespace {

Term constant(Type type, std::int64_t value) {
  Term term;
  term.type = type;
  term.value = value;
  return term;
}

}  // namespace

TermId Builder::truth(bool value) {
  return intern(constant(kBool, value ? 1 : 0));
}
TermId Builder::integer(std::int64_t value) {
  return intern(constant(kInt, value));
}
TermId Builder::word(std::uint8_t width, std::uint64_t value) {
  return intern(constant(bits(width), static_cast<std::int64_t>(value)));
}
TermId Builder::member(EnumId enumeration, std::size_t place) {
  return intern(constant(of_enum(enumeration), static_cast<std::int64_t>(place)));
}

TermId Builder::bound(BinderId binder) {
  Term term;
  term.op = Op::Bound;
  term.type = system_.at(binder).type;
  term.binder = binder;
  return intern(std::move(term));
}

TermId Builder::apply(FunctionId function, std::vector<TermId> arguments) {
  Term term;
  term.op = Op::Apply;
  term.type = system_.at(function).result;
  term.function = function;
  term.args = std::move(arguments);
  return intern(std::move(term));
}

TermId Builder::negation(TermId operand) {
  return node(Op::Not, kBool, {operand});
}
TermId Builder::conjunction(std::vector<TermId> operands) {
  return node(Op::And, kBool, std::move(operands));
}
TermId Builder::disjunction(std::vector<TermId> operands) {
  return node(Op::Or, kBool, std::move(operands));
}
TermId Builder::implies(TermId left, TermId right) {
  return node(Op::Implies, kBool, {left, right});
}
TermId Builder::equal(TermId left, TermId right) {
  return node(Op::Equal, kBool, {left, right});
}
TermId Builder::less(TermId left, TermId right) {
  return node(Op::Less, kBool, {left, right});
}
TermId Builder::less_equal(TermId left, TermId right) {
  return node(Op::LessEqual, kBool, {left, right});
}
TermId Builder::add(TermId left, TermId right) {
  return node(Op::Add, type(left), {left, right});
}
TermId Builder::subtract(TermId left, TermId right) {
  return node(Op::Subtract, type(left), {left, right});
}
TermId Builder::multiply(TermId left, TermId right) {
  return node(Op::Multiply, type(left), {left, right});
}
TermId Builder::choose(TermId condition, TermId then, TermId otherwise) {
  return node(Op::IfThenElse, type(then), {condition, then, otherwise});
}

TermId Builder::for_all(std::vector<BinderId> binders, TermId body) {
  Term term;
  term.op = Op::ForAll;
  term.type = kBool;
  term.binders = std::move(binders);
  term.args = {body};
  return intern(std::move(term));
}

TermId Builder::exists(std::vector<BinderId> binders, TermId body) {
  Term term;
  term.op = Op::Exists;
  term.type = kBool;
  term.binders = std::move(binders);
  term.args = {body};
  return intern(std::move(term));
}

}  // namespace bulkhead::system
