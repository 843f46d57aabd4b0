#include "checker/encode/system_terms.h"

namespace bulkhead::encode {

using system::Kind;
using system::Op;

term::Sort SystemTerms::sort(const system::System& system, const system::Type& type) {
  switch (type.kind) {
    case Kind::Bool:
      return term::kBool;
    case Kind::Int:
      return term::kInt;
    case Kind::Bits:
      return term::bits(type.width);
    case Kind::Enum:
      return term::members(static_cast<std::uint16_t>(system.at(type.enumeration).members.size()));
    case Kind::Sort:
      return term::elements(static_cast<std::uint16_t>(type.sort.index()));
  }
  return term::kBool;
}

term::TermId SystemTerms::translate(system::TermId id) {
  if (const auto found = done_.find(id); found != done_.end()) return found->second;
  const system::TermId roots[] = {id};
  for (const system::TermId part : conditions::reachable(terms_.system(), roots)) {
    if (!done_.contains(part)) done_.emplace(part, made(terms_.at(part)));
  }
  return done_.at(id);
}

std::vector<term::TermId> SystemTerms::counterexample(const conditions::Condition& condition) {
  std::vector<term::TermId> assertions;
  for (const system::TermId hypothesis : condition.hypotheses) assertions.push_back(translate(hypothesis));
  assertions.push_back(store_.negation(translate(condition.goal)));
  return assertions;
}

term::TermId SystemTerms::variable(system::BinderId binder) {
  const system::Type type = terms_.system().at(binder).type;
  return store_.variable("b" + std::to_string(binder.index()), sort(terms_.system(), type));
}

term::SymbolId SystemTerms::symbol(system::FunctionId function) {
  if (const auto found = symbols_.find(function); found != symbols_.end()) return found->second;
  const system::Function& declared = terms_.system().at(function);
  term::Symbol symbol{"f" + std::to_string(function.index()), {}, sort(terms_.system(), declared.result)};
  for (const system::Type& type : declared.arguments) symbol.arguments.push_back(sort(terms_.system(), type));
  functions_.push_back(function);
  return symbols_.emplace(function, store_.declare(std::move(symbol))).first->second;
}

term::TermId SystemTerms::constant(const system::Term& node) {
  const term::Sort type = sort(terms_.system(), node.type);
  switch (node.type.kind) {
    case Kind::Bool:
      return store_.truth(node.value != 0);
    case Kind::Int:
      return store_.number(node.value);
    case Kind::Enum:
      return store_.member(static_cast<std::uint16_t>(node.value), type.width);
    case Kind::Bits:
    case Kind::Sort:  // has no constants
      break;
  }
  return store_.constant(static_cast<std::uint64_t>(node.value), type.width);
}

/// The order of an enumeration is that of its members: one of the pairs that are in order.
term::TermId SystemTerms::compare(const system::Term& node, bool strict) {
  const term::TermId left = arg(node, 0);
  const term::TermId right = arg(node, 1);
  const term::Sort type = store_.sort(left);
  if (type == term::kInt) return store_.apply(strict ? term::Op::Less : term::Op::LessEqual, {left, right});
  if (type.kind == term::Sort::Kind::Bits) {
    return store_.apply(strict ? term::Op::UnsignedLess : term::Op::UnsignedLessEqual, {left, right});
  }
  std::vector<term::TermId> pairs;
  for (std::uint16_t low = 0; low < type.width; ++low) {
    std::vector<term::TermId> above;
    for (std::uint16_t high = low; high < type.width; ++high) {
      if (high > low || !strict) above.push_back(store_.equal(right, store_.member(high, type.width)));
    }
    const term::TermId is_low = store_.equal(left, store_.member(low, type.width));
    pairs.push_back(store_.conjunction({is_low, store_.disjunction(std::move(above))}));
  }
  return store_.disjunction(std::move(pairs));
}

term::TermId SystemTerms::arithmetic(const system::Term& node) {
  const bool integers = node.type.kind == Kind::Int;
  term::Op op = integers ? term::Op::Add : term::Op::BitAdd;
  if (node.op == Op::Subtract) op = integers ? term::Op::Subtract : term::Op::BitSub;
  if (node.op == Op::Multiply) op = integers ? term::Op::Multiply : term::Op::BitMul;
  term::TermId result = arg(node, 0);
  for (std::size_t i = 1; i < node.args.size(); ++i) result = store_.apply(op, {result, arg(node, i)});
  return result;
}

term::TermId SystemTerms::made(const system::Term& node) {
  std::vector<term::TermId> args;
  for (std::size_t i = 0; i < node.args.size(); ++i) args.push_back(arg(node, i));
  switch (node.op) {
    case Op::Constant:
      return constant(node);
    case Op::Bound:
      return variable(node.binder);
    case Op::Apply:
      return store_.call(symbol(node.function), std::move(args));
    case Op::Not:
      return store_.negation(args[0]);
    case Op::And:
      return store_.conjunction(std::move(args));
    case Op::Or:
      return store_.disjunction(std::move(args));
    case Op::Implies:
      return store_.implication(args[0], args[1]);
    case Op::Equal:
      return store_.equal(args[0], args[1]);
    case Op::Less:
      return compare(node, true);
    case Op::LessEqual:
      return compare(node, false);
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
      return arithmetic(node);
    case Op::IfThenElse:
      return store_.ite(args[0], args[1], args[2]);
    case Op::ForAll:
    case Op::Exists: {
      std::vector<term::TermId> binders;
      for (const system::BinderId binder : node.binders) binders.push_back(variable(binder));
      return node.op == Op::ForAll ? store_.for_all(std::move(binders), args[0])
                                   : store_.exists(std::move(binders), args[0]);
    }
  }
  return store_.truth(false);
}

}  // namespace bulkhead::encode
