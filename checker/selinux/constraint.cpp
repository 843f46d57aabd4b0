#include "checker/selinux/constraint.h"

#include <algorithm>
#include <vector>

#include "lang/base/check.h"

namespace bulkhead::selinux {
namespace {

Effect of(bool value) {
  return value ? Effect::Always : Effect::Never;
}

Effect negated(Effect value) {
  if (value == Effect::Open) return Effect::Open;
  return of(value == Effect::Never);
}

}  // namespace

Effect effect(const SetRows& sets, const Constraint& constraint, std::size_t source, std::size_t target) {
  if (constraint.expression.empty()) return Effect::Open;
  std::vector<Effect> stack;  // Never < Open < Always
  const auto pop = [&] {
    BH_CHECK(!stack.empty(), "an expression in postfix order");
    const Effect last = stack.back();
    stack.pop_back();
    return last;
  };
  for (const ConstraintTerm& term : constraint.expression) {
    switch (term.operation) {
      case ConstraintOperation::Not:
        stack.push_back(negated(pop()));
        break;
      case ConstraintOperation::And: {
        const Effect right = pop(), left = pop();
        stack.push_back(std::min(left, right));
        break;
      }
      case ConstraintOperation::Or: {
        const Effect right = pop(), left = pop();
        stack.push_back(std::max(left, right));
        break;
      }
      case ConstraintOperation::FirstIn:
        stack.push_back(of(has(sets.rows[term.types.index()], source)));
        break;
      case ConstraintOperation::SecondIn:
        stack.push_back(of(has(sets.rows[term.types.index()], target)));
        break;
      case ConstraintOperation::SameType:
        stack.push_back(of(source == target));
        break;
      case ConstraintOperation::Open:
        stack.push_back(Effect::Open);
        break;
    }
  }
  const Effect value = pop();
  BH_CHECK(stack.empty(), "an expression in postfix order");
  return value;
}

Permissions constrained(const Constraint& constraint, ClassId object_class) {
  if (constraint.accesses.empty()) return ~Permissions{0};
  Permissions sum = 0;
  for (const Access& access : constraint.accesses) {
    if (access.object_class == object_class) sum |= access.permissions;
  }
  return sum;
}

}  // namespace bulkhead::selinux
