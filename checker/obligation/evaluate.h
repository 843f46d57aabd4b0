// A formula in Kleene's three values: what is decided by what is known of an object. Trusted.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "checker/obligation/formula.h"

namespace bulkhead::obligation {

/// In the order of truth.
enum class Kleene : std::uint8_t { False, Open, True };

constexpr Kleene kleene(bool value) {
  return value ? Kleene::True : Kleene::False;
}
constexpr Kleene negate(Kleene value) {
  return value == Kleene::Open ? value : kleene(value == Kleene::False);
}

/// What is known of Member, Has, ContextBool and Compare nodes; and of NoContext, where it is Open what follows from
/// its child.
using Leaves = std::function<Kleene(NodeId)>;

/// The value of each node, by NodeId: False (True) only where every object, contexts and choice for what is Open makes
/// it so. NoContext is Not, since there is always a context. Variables have the least solution of their equations.
///
/// Cost: linear; And nodes are looked at again for each of their variables.
std::vector<Kleene> evaluate(const Formula& formula, const Leaves& leaves);

/// The same with these values for the variables, whether they solve the equations or not.
std::vector<Kleene> evaluate(const Formula& formula, const Leaves& leaves, const std::vector<Kleene>& variables);

}  // namespace bulkhead::obligation
