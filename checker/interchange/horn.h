// Machines as constrained Horn clauses: SMT-LIB 2 with `(set-logic HORN)`, satisfiable iff the machine is safe.
#pragma once

#include <string>

#include "checker/machine/machine.h"

namespace bulkhead::interchange {

/// Clauses over one relation `Inv`, whose arguments are the latches in their order: what is initial; what is kept by
/// each way in which a step may be allowed, with the inputs that it fixes in place; what must not be. Every model of
/// `Inv` is an inductive invariant. See: [Bjorner15].
std::string to_horn(const machine::Machine& machine);

}  // namespace bulkhead::interchange
