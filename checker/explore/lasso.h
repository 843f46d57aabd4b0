// Search for a fair run on which something does not lead to something else.
#pragma once

#include "checker/explore/explore.h"

namespace bulkhead::explore {

/// Every reachable state and step of the scope, then, for each choice of the claim's variables: the strongly connected
/// parts of what avoids the goal, cut down until each is fair or gone.
///
/// Ensures: Exhausted => no fair run of the scope violates the claim, however long.
/// See: [Emerson87], emptiness of Streett automata.
Outcome search_lasso(const system::System& system, const system::LeadsTo& claim, std::optional<std::uint32_t> steps,
                     const system::Scope& scope, const Options& options);

}  // namespace bulkhead::explore
