// One question to a graph: what can be reached from here, and along which edges.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "checker/closure/certificate.h"
#include "checker/closure/graph.h"
#include "lang/base/bitset.h"

namespace bulkhead::closure {

/// The least set that has `sources` and is closed under every edge: evidence that what it misses is not reached.
/// Cost: linear.
ClosedSet reachable(const Graph& graph, std::span<const Node> sources);

/// The edges of a path from one of `sources` to one of `targets` that rests on as few causes as possible (memberships
/// are free), in the order in which they are gone; ties go to the edges that were given first. Nothing: there is none.
/// A source that is a target is a path without edges. Cost: linear.
std::optional<std::vector<Edge>> shortest_path(const Graph& graph, std::span<const Node> sources,
                                               std::span<const Node> targets);

}  // namespace bulkhead::closure
