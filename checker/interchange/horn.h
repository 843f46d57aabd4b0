// Machines as constrained Horn clauses: SMT-LIB 2 with `(set-logic HORN)`, satisfiable iff the machine is safe.
#pragma once

#include <string>

#include "checker/machine/machine.h"

namespace bulkhead::interchange {

/// Three clauses over one relation `Inv`, whose arguments are the latches in their order: what is initial, what a step
/// keeps, what must not be. Every model of `Inv` is an inductive invariant.
/// See: [Bjorner15].
std::string to_horn(const machine::Machine& machine);

}  // namespace bulkhead::interchange
