// Runs of the system of Booleans (obligation/authority_system.h) as runs of the reference semantics. Internal to
// checker/engine.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "checker/engine/engine.h"
#include "checker/obligation/authority_system.h"
#include "lang/ir/replay.h"

namespace bulkhead::engine {

/// A run that makes these moves, with objects, capabilities to hand on and capabilities to take back chosen for them,
/// and ends with handing over what `last` does. `shown`: requests by which conditions may be met.
///
/// Ensures: the run replays. None: no choice was found among those that were tried.
std::optional<std::vector<ir::Handover>> run_like(Session& session,
                                                  std::span<const obligation::AuthoritySystem::Move> moves,
                                                  const ir::Handover& last, const std::vector<ir::Request>& shown);

}  // namespace bulkhead::engine
