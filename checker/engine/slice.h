// The part of a system that a formula depends on, and the way back. Internal to checker/engine.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "checker/finite/finite.h"
#include "lang/system/state.h"
#include "lang/system/system.h"
#include "lang/system/theorem.h"

namespace bulkhead::engine {

/// A system whose functions outside of the cone of influence are constants without arguments; actions that write
/// nothing inside of it never fire; sorts that nothing inside of it uses have one element. Ids mean the same as in the
/// original for functions, actions, sorts and the formula's terms; properties but assumptions, and views, are gone.
struct Slice {
  system::System system;
  system::Bounds bounds;
  std::vector<bool> kept;  // by FunctionId
};

/// Exact for reachability: a state of the original that a run reaches is, inside of the cone, one that the slice
/// reaches, and the other way round where the constraints on first states that were dropped can be met.
///
/// Requires: is_valid(system), `formula` is closed. Cost: linear in the system for each function of the cone.
Slice slice(const system::System& system, system::TermId formula, const system::Bounds& bounds);

/// The run of the original that does the same. None: its first state cannot be made an initial one by giving 0 to what
/// nothing initialises.
std::optional<system::Run> unsliced(const system::System& original, const Slice& slice, const system::Run& run);

/// Cubes over the slice's tables as cubes over the original's: they exclude the same values of what the slice keeps.
std::vector<finite::Cube> unsliced(const system::System& original, const Slice& slice, const system::Scope& scope,
                                   std::vector<finite::Cube> cubes);

}  // namespace bulkhead::engine
