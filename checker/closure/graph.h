// A labelled directed graph in compact arrays: who can pass something on to whom, and which sentence says so.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace bulkhead::closure {

using Node = std::uint32_t;
/// What an edge is there for: the caller's number of a sentence, a rule, a grant.
using Cause = std::uint32_t;

/// The cause of edges that no sentence makes: from a member to its set and back. They cost nothing on a path, so a
/// sentence about two sets is one edge between them and not one for each pair of members.
inline constexpr Cause kMembership = std::numeric_limits<Cause>::max();

struct Edge {
  Node from = 0;
  Node to = 0;
  Cause cause = kMembership;

  friend bool operator==(const Edge&, const Edge&) = default;
};

/// What leaves one node, side by side: targets[i] because of causes[i].
struct Outgoing {
  std::span<const Node> targets;
  std::span<const Cause> causes;
};

class Graph {
 public:
  /// Requires: both ends of each edge are below `nodes`. Parallel edges are kept, each with its cause.
  /// Ensures:  the edges of a node keep the order in which they were given. Cost: linear.
  Graph(std::size_t nodes, std::span<const Edge> edges);

  std::size_t nodes() const { return starts_.size() - 1; }
  std::size_t edges() const { return targets_.size(); }
  Outgoing outgoing(Node node) const;
  std::span<const Node> targets(Node node) const { return outgoing(node).targets; }

 private:
  std::vector<std::size_t> starts_;  // of each node, and one behind the last
  std::vector<Node> targets_;
  std::vector<Cause> causes_;
};

}  // namespace bulkhead::closure
