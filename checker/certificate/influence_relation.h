// All pairs of the influence graph of a world as evidence, and the judge of it. Trusted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/certificate/check.h"
#include "checker/closure/certificate.h"
#include "checker/verdict/verdict.h"
#include "lang/ir/world.h"

namespace bulkhead::certificate {

/// Who may influence whom where everybody acts and no channel is left out. Node i is graph_nodes(world)[i].
struct InfluenceRelation {
  closure::ClosedRelation relation;
  /// For each u, then each of its InfluenceGraph::neighbours v, both in order, that the relation does not have: for
  /// each InfluenceGraph::edges(u, v) in order (none is unconditional) that its condition is empty.
  std::vector<verdict::QueryEvidence> crossings;
};

/// Accepted: where the relation says no, no path of one edge or more leads, in any reachable state. Each neighbour is
/// in the relation or shown to be none, and the relation is closed. What it says besides is not looked at here.
///
/// Cost: neighbours times the words of a row, the obligations of pairs that the relation does not have, and one solver
///       process (or options.jobs of them); equal scripts are asked once.
Checked check_influence(const ir::World& world, const InfluenceRelation& evidence, const SolverOptions& options);

/// What is missing for this step, after these handovers, to show that the one subject (or the network) may influence
/// the other; nothing: the reference semantics has that edge.
std::optional<std::string> edge_objection(const ir::World& world, const verdict::Step& step,
                                          const std::vector<ir::Handover>& handovers);

}  // namespace bulkhead::certificate
