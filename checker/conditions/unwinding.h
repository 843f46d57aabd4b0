// Unwinding: conditions whose validity shows that a view leaks nothing. Trusted.
//
// Two states look alike to u where the view shows u the same in both: the same choices, with the same values. The
// conditions speak of pairs of states in which some conjuncts hold, and of attempts: a step whose guard fails changes
// nothing. A subject d may influence u where d is u, or `except` holds of (u, d).
//
//   local respect      a step of d, which may not influence u, changes nothing that u sees
//   step consistency   where two states look alike to u, and to the subject of a step that may influence u, they still
//                      do after the step in both; a step of the system's own needs only u
//
// The relation between states is the view itself, so output consistency needs no condition. When the conjuncts are
// inductive and all of these are valid, no two runs show a leak (lang/system/replay.h, replay_leak): by induction over
// the steps, every source of what remains sees the same on both sides.
// See: [vonOheimb04], noninfluence with weak step consistency; [Rushby92].
#pragma once

#include <span>
#include <vector>

#include "checker/conditions/conditions.h"

namespace bulkhead::conditions {

/// Every unwinding condition, in the order of actions, for each action local respect, then step consistency; in each,
/// item by item of the view whether it is shown, then its value.
///
/// Requires: is_valid(system, theorem), and the theorem is LeaksNothing. The terms are of the system itself: this makes
/// a second copy of every state function, once.
std::vector<Condition> unwinding(Terms& terms, std::span<const Conjunct> conjuncts, const system::LeaksNothing& claim);

}  // namespace bulkhead::conditions
