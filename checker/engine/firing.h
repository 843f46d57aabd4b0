// What is said about a model whether or not anybody claims it: actions that were never seen to fire, and conditions
// that solvers may not decide.
#pragma once

#include <string>
#include <vector>

#include "checker/engine/query_solver.h"
#include "lang/system/system.h"

namespace bulkhead::engine {

/// The actions that fire in no run that a short search of small scopes comes across.
///
/// Cost: a fraction of a second; bounded in work, so that the answer repeats.
std::vector<system::ActionId> unseen_actions(const system::System& system);

/// "Some instance of the action is enabled", as a formula of a larger system; ids of the system mean the same in it.
struct Enabled {
  system::System system;
  system::TermId formula;
};
Enabled enabled(const system::System& system, system::ActionId action);

/// A reason why a condition leaves the decidable fragment, with the first of the conditions that have it.
struct Outside {
  system::PropertyId property;
  std::string condition;
  std::string reason;
};
/// Of the conditions of every invariant and lemma of the system: each reason once, in order.
std::vector<Outside> outside_of_fragment(const system::System& system);

}  // namespace bulkhead::engine
