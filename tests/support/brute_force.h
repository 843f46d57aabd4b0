// Answers about small systems that rest on the reference semantics alone: what the explicit search is tested against.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "lang/system/step.h"
#include "lang/system/theorem.h"

namespace bulkhead::test {

/// Every initial state, found by trying every state there is; none where these are too many to try.
std::optional<std::vector<system::State>> initial_states(const system::System& system, const system::Scope& scope);

/// Every reachable state with its distance; none where there are too many states.
std::optional<std::map<system::State, std::size_t>> brute_force(const system::System& system,
                                                                const system::Scope& scope);

/// Some fair run violates the claim. Computed as a greatest fixpoint [Emerson86] for each guess of which strongly fair
/// instances are never enabled; none where there are too many states or guesses.
std::optional<bool> violates_leads_to(const system::System& system, const system::Scope& scope,
                                      const system::LeadsTo& claim);

}  // namespace bulkhead::test
