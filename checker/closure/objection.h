// Checks closed sets and closed relations against the edges as they were given. Trusted; shares no code with what finds
// them.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "checker/closure/certificate.h"
#include "checker/closure/graph.h"

namespace bulkhead::closure {

/// What is wrong with `set` as evidence that no path leads from `sources` to `targets`; nothing: none does. The set has
/// every source, misses every target, and each edge that starts in it ends in it.
///
/// Soundness: the edges have to be all there are; the caller makes them of the policy. Cost: linear.
std::optional<std::string> objection(std::size_t nodes, std::span<const Edge> edges, std::span<const Node> sources,
                                     std::span<const Node> targets, const ClosedSet& set);

/// What is wrong with `relation` as evidence that, where it says no, no path of one edge or more leads; nothing: none
/// does. For each edge, the row of its start has its end and all of the row of its end.
///
/// Cost: edges between different classes times the words of a row.
std::optional<std::string> objection(std::size_t nodes, std::span<const Edge> edges, const ClosedRelation& relation);

}  // namespace bulkhead::closure
