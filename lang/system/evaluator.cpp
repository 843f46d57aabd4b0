#include "lang/system/evaluator.h"

#include "lang/base/check.h"
#include "lang/system/choices.h"

namespace bulkhead::system {
namespace {

std::uint64_t mask(std::uint8_t width) {
  return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

}  // namespace

std::optional<Value> Evaluator::value(TermId id) {
  if (++work_ > kMaxWork) return std::nullopt;
  const Term& term = system_.at(id);
  switch (term.op) {
    case Op::Constant:
      return term.value;
    case Op::Bound:
      return binding_.at(term.binder);
    case Op::Apply:
      return apply(term);
    case Op::Not: {
      const auto inner = value(term.args[0]);
      return inner ? std::optional<Value>(*inner == 0) : std::nullopt;
    }
    case Op::And:
      return junction(term, false);
    case Op::Or:
      return junction(term, true);
    case Op::Implies: {
      const auto left = value(term.args[0]);
      if (left && *left == 0) return 1;
      return left ? value(term.args[1]) : std::nullopt;
    }
    case Op::Equal:
    case Op::Less:
    case Op::LessEqual:
      return relation(term);
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
      return arithmetic(term);
    case Op::IfThenElse: {
      const auto chosen = value(term.args[0]);
      return chosen ? value(term.args[*chosen != 0 ? 1 : 2]) : std::nullopt;
    }
    case Op::ForAll:
      return quantifier(term, false);
    case Op::Exists:
      return quantifier(term, true);
  }
  BH_CHECK(false, "every operator has its case");
}

/// And, Or: the first argument that is `decisive` decides.
std::optional<Value> Evaluator::junction(const Term& term, bool decisive) {
  for (const TermId arg : term.args) {
    const auto truth = value(arg);
    if (!truth) return std::nullopt;
    if ((*truth != 0) == decisive) return decisive;
  }
  return !decisive;
}

std::optional<Value> Evaluator::quantifier(const Term& term, bool decisive) {
  const Choices choices(system_, scope_, term.binders);
  if (!choices.listable()) return std::nullopt;
  for (bool more = choices.first(binding_); more; more = choices.next(binding_)) {
    const auto truth = value(term.args[0]);
    if (!truth) return std::nullopt;
    if ((*truth != 0) == decisive) return decisive;
  }
  return !decisive;
}

std::optional<Value> Evaluator::relation(const Term& term) {
  const auto left = value(term.args[0]);
  const auto right = value(term.args[1]);
  if (!left || !right) return std::nullopt;
  if (term.op == Op::Equal) return *left == *right;
  if (system_.at(term.args[0]).type.kind == Kind::Bits) {  // words are unsigned
    const auto a = static_cast<std::uint64_t>(*left);
    const auto b = static_cast<std::uint64_t>(*right);
    return term.op == Op::Less ? a < b : a <= b;
  }
  return term.op == Op::Less ? *left < *right : *left <= *right;
}

std::optional<Value> Evaluator::arithmetic(const Term& term) {
  const auto left = value(term.args[0]);
  const auto right = value(term.args[1]);
  if (!left || !right) return std::nullopt;
  if (term.type.kind == Kind::Bits) {  // words wrap
    const auto a = static_cast<std::uint64_t>(*left);
    const auto b = static_cast<std::uint64_t>(*right);
    const std::uint64_t word = term.op == Op::Add ? a + b : term.op == Op::Subtract ? a - b : a * b;
    return static_cast<Value>(word & mask(term.type.width));
  }
  Value exact = 0;  // integers do not
  const bool over = term.op == Op::Add        ? __builtin_add_overflow(*left, *right, &exact)
                    : term.op == Op::Subtract ? __builtin_sub_overflow(*left, *right, &exact)
                                              : __builtin_mul_overflow(*left, *right, &exact);
  return over ? std::nullopt : std::optional<Value>(exact);
}

std::optional<Value> Evaluator::apply(const Term& term) {
  std::vector<Value> arguments;
  for (const TermId arg : term.args) {
    const auto argument = value(arg);
    if (!argument) return std::nullopt;
    arguments.push_back(*argument);
  }
  return state_.tables[term.function.index()][place(system_, scope_, term.function, arguments)];
}

}  // namespace bulkhead::system
