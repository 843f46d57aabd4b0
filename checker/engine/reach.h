// Runs to a state in which a formula is true, found backwards: by solver from the formula to an initial state of any
// size, then forwards from that one state by explicit search. Internal to checker/engine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "checker/conditions/conditions.h"
#include "checker/engine/condition_solver.h"

namespace bulkhead::engine {

struct ReachLimits {
  std::size_t steps = 6;
  std::size_t terms = 60'000;  // of the formula that is carried backwards
  // Of the search forwards: terms visited, as in explore::Options (a few seconds), and memory for states.
  std::uint64_t work = 100'000'000;
  std::uint64_t bytes = std::uint64_t{256} << 20u;
  std::stop_token stop = {};
};

struct Reached {
  std::optional<system::Run> run;
  std::size_t steps = 0;  // no state with the formula is reached by fewer steps than this
  std::string reason;     // why the search ended without a run; empty: a limit of ReachLimits
};

/// A shortest run to a state in which the closed formula is true.
///
/// Ensures: a run that was found replays, and the formula is true in its last state.
Reached reach(conditions::Terms& terms, ConditionSolver& solver, system::TermId formula, const ReachLimits& limits);

/// An initial state, as a run without steps. None: nobody knows whether there is one (no_initial_state tells).
std::optional<system::Run> initial_state(const conditions::Terms& terms, const Counterexample& counterexample);

}  // namespace bulkhead::engine
