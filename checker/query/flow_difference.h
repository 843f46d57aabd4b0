// "Who can influence whom under the new policy that could not under the old one?" [semantics 4]
#pragma once

#include <string>
#include <vector>

#include "checker/query/difference.h"
#include "checker/verdict/verdict.h"

namespace bulkhead::query {

/// Somebody can influence somebody else, whatever the number of steps, under one of the two policies alone.
struct FlowChange {
  Change change = Change::Added;
  std::string from;  // a subject, "the network", or "what is labelled Secret"
  std::string to;
  std::vector<verdict::Step> path;  // of Added: in the newer world; of Removed: in the older one
  std::string reason;               // of Unknown
};

/// Asked where a policy has sentences about authority or flow: `delegate`, `holds`, `channel`, `declassifies`. Of other
/// policies nothing is told: the influence follows from what difference() and setting_changes() say.
///
/// Requires: both worlds have the flow map (models/flow.bh).
/// Ensures: every path replays. A pair of which nothing is listed can influence in the newer policy only if it can in
///          the older one. What nobody knows is Unknown: pairs that hang on what a trusted subject does by its
///          protocol.
/// Cost:    a search for each node of each policy; policies with more than kMaxEdges possible edges are one Unknown.
std::vector<FlowChange> flow_difference(const ir::World& older, const ir::World& newer, const ProveOptions& options);
inline constexpr std::size_t kMaxEdges = 50'000;

/// True if the new policy adds influence, or if that is not known.
bool adds_flow(const std::vector<FlowChange>& changes);

}  // namespace bulkhead::query
