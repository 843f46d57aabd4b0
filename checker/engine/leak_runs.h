// Two runs that show a leak, found from an unwinding condition that fails. Internal to checker/engine.
#pragma once

#include <optional>
#include <stop_token>
#include <utility>

#include "checker/conditions/conditions.h"
#include "checker/engine/condition_solver.h"

namespace bulkhead::engine {

/// Looks for a state, a few steps from an initial one, in which an attempt that has to be invisible is seen: the runs
/// are the way there, with that attempt and without it. This is the composition of the system with itself, of which
/// only the last step differs.
///
/// Requires: `failed` is a condition of local respect, made over `terms`, whose system begins with `system`; the
/// theorem is LeaksNothing. Ensures: replay_leak accepts what is returned.
std::optional<std::pair<system::Run, system::Run>> leak_by_one_attempt(
    const system::System& system, const system::Theorem& theorem, conditions::Terms& terms, ConditionSolver& solver,
    const conditions::Condition& failed, const std::stop_token& stop);

}  // namespace bulkhead::engine
