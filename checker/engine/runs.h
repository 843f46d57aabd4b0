// Runs to a state in which a formula is true, within the bounds of a theorem: the ways in which they are looked for.
// Internal to checker/engine.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "checker/conditions/conditions.h"
#include "checker/engine/condition_solver.h"
#include "checker/explore/explore.h"
#include "checker/verdict/verdict.h"

namespace bulkhead::engine {

/// `reason`: how far it was looked for, where nothing was found: "in 8 of 8 small scopes".
struct Sought {
  std::optional<system::Run> run;
  std::string reason;
};

/// What is looked for: a state of the system in which the closed formula is true, within bounds.
struct Wanted {
  const system::System& system;
  system::TermId formula;
  const system::Bounds& bounds;
  std::stop_token stop;
};

/// State by state, in scopes of up to `largest` elements of each sort. A shortest run of its scope.
Sought by_states(const Wanted& wanted, std::uint32_t largest);
/// Step after step by a propositional solver, in scopes of up to `largest` elements of each sort.
Sought by_unrolling(const Wanted& wanted, std::uint32_t largest);
/// Backwards by the solver of conditions, in scopes of any size: for wants without bounds.
Sought backwards(conditions::Terms& terms, ConditionSolver& solver, const Wanted& wanted);

/// All of them, the cheapest first.
Sought find_run(conditions::Terms& terms, ConditionSolver& solver, const Wanted& wanted);

/// Elements of each sort in the scopes that are searched.
inline constexpr std::uint32_t kSmallestScopes = 2, kLargestScope = 3, kLargestUnrolled = 4;

/// Budgets of the search state by state: about a second for each scope, in work units.
explore::Options small_search(std::stop_token stop);

/// How far searches in scopes of growing size have come: "in 1 of 8 small scopes, and within 3 steps in the next".
std::string how_far(const std::vector<explore::Outcome>& outcomes);

/// The run shows that the theorem is violated: minimised, as far as there is time. Unknown where it does not replay.
verdict::Verdict violated_by(const system::System& system, const system::Theorem& theorem, system::Run run,
                             const std::stop_token& stop);

}  // namespace bulkhead::engine
