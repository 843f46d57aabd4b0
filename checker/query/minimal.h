// The smallest sets of lines that break a claim. Internal to checker/query.
#pragma once

#include <vector>

#include "checker/engine/engine.h"
#include "checker/verdict/verdict.h"

namespace bulkhead::query {

/// Fills Trace::minimal and the sentences of the steps that have none. `minimal` is a set of sentences which grant or
/// share something, such that the claim is violated with these alone and holds, or is not known to be violated, without
/// any one.
///
/// Ensures: `minimal` is empty where the deadline came first.
/// Cost: nothing for a trace of one request; else one run of the engine for each sentence behind the trace.
void find_minimal(const ir::World& world, const obligation::Obligation& obligation, verdict::Violated& violated,
                  engine::Clock::time_point deadline);

// Sentences that give something: permits, namespace settings, delegations, `holds`, channels, reserves and limits. What
// forbids stands in every one of these worlds. All require ascending lists.

/// Only these sentences give anything.
ir::World restricted(const ir::World& world, const std::vector<ir::SentenceId>& kept);
/// Everything but these does.
ir::World without(const ir::World& world, const std::vector<ir::SentenceId>& removed);
/// Those that give something: what one of the two above can take away.
std::vector<ir::SentenceId> removable(const ir::World& world);

}  // namespace bulkhead::query
