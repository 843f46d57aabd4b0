// What every proof about a model begins with: an initial state; and what it ends with: witnesses that the claim speaks
// of something. Internal to checker/engine.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "checker/conditions/conditions.h"
#include "checker/engine/condition_solver.h"
#include "checker/engine/runs.h"
#include "checker/verdict/verdict.h"

namespace bulkhead::engine {

/// An initial state within the bounds as a run without steps; or the verdict where there is none, or nobody knows.
std::variant<system::Run, verdict::Verdict> first_state(conditions::Terms& terms, ConditionSolver& solver,
                                                        const system::Bounds& bounds, const std::stop_token& stop);

/// Adds a run to each of the closed formulas; or the place of the one that no run was found to, and how far that was
/// looked for.
struct Missing {
  std::size_t side = 0;
  std::string reason;
};
std::optional<Missing> find_sides(conditions::Terms& terms, ConditionSolver& solver,
                                  const std::vector<system::TermId>& sides, const system::Bounds& bounds,
                                  const std::stop_token& stop, std::vector<system::Run>& witnesses);

/// The limits of the budget, which end when `stop` is requested.
solver::Limits stopped_by(const solver::Limits& limits, const std::stop_token& stop);

}  // namespace bulkhead::engine
