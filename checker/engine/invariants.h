// What engines tell each other: formulas that hold in every reachable state. Internal to checker/engine.
#pragma once

#include <vector>

#include "checker/engine/engine.h"

namespace bulkhead::engine {

/// Those that are no properties of the system.
Invariants unwritten(const system::System& system, const Invariants& known);

/// `into` with those of `more` that it does not have, as they are spelled. Returns whether there were any.
bool merge(const system::System& system, Invariants& into, const Invariants& more);

/// The system with these as further lemmas: what is known and not written, then the candidates, "inferred_1" and so on.
///
/// Requires: formulas of the system. Ensures: ids of the system mean the same.
system::System strengthened(const system::System& system, const Invariants& known, const Invariants& candidates);

}  // namespace bulkhead::engine
