// Who may influence whom, for all pairs of a policy at once: decided, and accepted by the judge before anybody sees it.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "checker/certificate/influence_relation.h"
#include "checker/certificate/second_solver.h"
#include "checker/obligation/obligation.h"
#include "lang/base/result.h"
#include "lang/ir/world.h"

namespace bulkhead::query {

/// Bounds of what is closed: subjects, and pairs that are asked about one by one. Beyond the second a pair counts as an
/// influence that nobody has shown.
inline constexpr std::size_t kMostRelatedSubjects = 16'384;
inline constexpr std::size_t kMostEdgesAsked = 400'000;

struct AllPairs {
  std::vector<obligation::GraphNode> nodes;  // obligation::graph_nodes(world)
  /// Where the relation says no, nothing passes in any reachable state: certificate::check_influence() accepted it.
  certificate::InfluenceRelation evidence;
  /// Where it says yes, a path leads there of which every edge has been replayed. False: some edges are not known to
  /// exist, or conditions may keep them from existing together.
  bool exact = false;
};

struct AllPairsOptions {
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  certificate::SolverOptions second_solver;
};

/// Everybody acts, and no channel is left out: what `protected from` asks. Fails where the policy has too many
/// subjects, or the evidence was not accepted (for want of time or of a second solver, too).
///
/// Cost: pairs inside of what is known to reach each other are not asked about, so a policy in which everybody
///       influences everybody asks about few of them; memory of a bit for each pair, and of each pair that is asked.
Result<AllPairs, std::string> all_pairs(const ir::World& world, const AllPairsOptions& options);

}  // namespace bulkhead::query
