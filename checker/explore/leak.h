// Search for two runs that differ in purged steps alone and in what an observer sees.
#pragma once

#include "checker/explore/explore.h"

namespace bulkhead::explore {

/// Breadth first over pairs of reachable states together with the sources (lang/system/replay.h) that the steps still
/// to come will have. A step of a subject that may influence a source happens in both runs, another's in one alone.
///
/// Ensures: Exhausted => no two runs of the scope show a leak, however long.
/// Cost: states squared x 2^subjects x instances.
Outcome search_leak(const system::System& system, const system::LeaksNothing& claim, std::optional<std::uint32_t> steps,
                    const system::Scope& scope, const Options& options);

}  // namespace bulkhead::explore
