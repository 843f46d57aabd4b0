#include "checker/closure/reach.h"

#include <algorithm>
#include <deque>
#include <limits>

#include "lang/base/check.h"

namespace bulkhead::closure {
namespace {

constexpr std::uint32_t kFar = std::numeric_limits<std::uint32_t>::max();

/// Breadth first, where edges of length nothing go to the front of the queue.
class PathSearch {
 public:
  explicit PathSearch(const Graph& graph)
      : graph_(graph), distance_(graph.nodes(), kFar), before_(graph.nodes()), settled_(graph.nodes()) {}

  std::optional<std::vector<Edge>> run(std::span<const Node> sources, const Bitset& targets) {
    for (const Node source : sources) {
      if (distance_[source] == 0) continue;
      distance_[source] = 0;
      queue_.push_back(source);
    }
    while (!queue_.empty()) {
      const Node node = queue_.front();
      queue_.pop_front();
      if (settled_.test(node)) continue;
      settled_.set(node);
      if (targets.test(node)) return path_to(node);
      const Outgoing outgoing = graph_.outgoing(node);
      for (std::size_t i = 0; i < outgoing.targets.size(); ++i) relax({node, outgoing.targets[i], outgoing.causes[i]});
    }
    return std::nullopt;
  }

 private:
  void relax(const Edge& edge) {
    const bool free = edge.cause == kMembership;
    const std::uint32_t distance = distance_[edge.from] + (free ? 0 : 1);
    if (distance >= distance_[edge.to]) return;
    distance_[edge.to] = distance;
    before_[edge.to] = edge;
    if (free) {
      queue_.push_front(edge.to);
    } else {
      queue_.push_back(edge.to);
    }
  }

  std::vector<Edge> path_to(Node node) const {
    // A node at distance 0 may itself hang behind a membership, so sources are told by having no edge before them.
    std::vector<Edge> path;
    while (before_[node].from != before_[node].to) {
      path.push_back(before_[node]);
      node = before_[node].from;
    }
    std::reverse(path.begin(), path.end());
    return path;
  }

  const Graph& graph_;
  std::vector<std::uint32_t> distance_;
  std::vector<Edge> before_;  // from == to: none; loops are on no shortest path
  Bitset settled_;
  std::deque<Node> queue_;
};

}  // namespace

ClosedSet reachable(const Graph& graph, std::span<const Node> sources) {
  Bitset seen(graph.nodes());
  std::vector<Node> open;
  const auto meet = [&](Node node) {
    if (seen.test(node)) return;
    seen.set(node);
    open.push_back(node);
  };
  for (const Node source : sources) {
    BH_CHECK(source < graph.nodes(), "a source beyond the graph");
    meet(source);
  }
  while (!open.empty()) {
    const Node node = open.back();
    open.pop_back();
    for (const Node target : graph.targets(node)) meet(target);
  }
  return {{seen.words().begin(), seen.words().end()}};
}

std::optional<std::vector<Edge>> shortest_path(const Graph& graph, std::span<const Node> sources,
                                               std::span<const Node> targets) {
  for (const Node source : sources) BH_CHECK(source < graph.nodes(), "a source beyond the graph");
  Bitset goal(graph.nodes());
  for (const Node target : targets) goal.set(target);
  return PathSearch(graph).run(sources, goal);
}

}  // namespace bulkhead::closure
