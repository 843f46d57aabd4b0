// The sentences by which somebody has a right: what answers and minimal sets of lines are made of.
#pragma once

#include <vector>

#include "lang/ir/replay.h"
#include "lang/ir/world.h"

namespace bulkhead::query {

/// The first permit of what is allowed: one is enough. Where there is none: the `holds` sentences that mean it.
/// Nothing: it was handed over, or is no right at all.
std::vector<ir::SentenceId> behind(const ir::World& world, const ir::Request& request);

/// The delegation, its channel, and what is behind the giver's own right. Sorted.
std::vector<ir::SentenceId> behind(const ir::World& world, const ir::Handover& step);

}  // namespace bulkhead::query
