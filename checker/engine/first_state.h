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

/// Adds a run to each of the closed formulas, which the claim takes for given. Otherwise the verdict: one of them is
/// never true, by the properties of the system (of which `written` are its own, the others were inferred); or nobody
/// knows.
std::optional<verdict::Verdict> find_sides(conditions::Terms& terms, std::size_t written, ConditionSolver& solver,
                                           const std::vector<system::TermId>& sides, const system::Bounds& bounds,
                                           const std::stop_token& stop, std::vector<system::Run>& witnesses);

/// A run to an initial state, and one to each state that the claim takes for given; or the verdict where one is
/// missing. Requires: the theorem is LeadsTo, Always or Never.
std::optional<verdict::Verdict> find_witnesses(const system::System& system, const system::Theorem& theorem,
                                               const solver::Limits& limits, std::vector<system::Run>& witnesses);

/// What a property is in evidence: inferred ones bring their formula along.
verdict::Conjunct source_of(const system::System& system, std::size_t written, std::size_t property);

/// The limits of the budget, which end when `stop` is requested.
solver::Limits stopped_by(const solver::Limits& limits, const std::stop_token& stop);

}  // namespace bulkhead::engine
