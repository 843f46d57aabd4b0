// What every engine for models begins with: an initial state, and how far small scopes are searched. Internal to
// checker/engine.
#pragma once

#include <cstdint>
#include <variant>

#include "checker/conditions/conditions.h"
#include "checker/engine/condition_solver.h"
#include "checker/explore/explore.h"
#include "checker/verdict/verdict.h"

namespace bulkhead::engine {

/// An initial state as a run without steps; or the verdict where there is none, or nobody knows.
std::variant<system::Run, verdict::Verdict> first_state(conditions::Terms& terms, ConditionSolver& solver);

/// Of the search state by state: about a second for each scope, in work units.
explore::Options small_search();
inline constexpr std::uint32_t kLargestScope = 3;

}  // namespace bulkhead::engine
