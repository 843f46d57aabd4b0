#include "checker/closure/graph.h"

#include "lang/base/check.h"

namespace bulkhead::closure {

Graph::Graph(std::size_t nodes, std::span<const Edge> edges)
    : starts_(nodes + 1, 0), targets_(edges.size()), causes_(edges.size()) {
  BH_CHECK(nodes < kMembership, "more nodes than their numbers tell apart");
  for (const Edge& edge : edges) {
    BH_CHECK(edge.from < nodes && edge.to < nodes, "an edge leaves the graph");
    ++starts_[edge.from + 1];
  }
  for (std::size_t node = 0; node < nodes; ++node) starts_[node + 1] += starts_[node];
  std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
  for (const Edge& edge : edges) {
    const std::size_t place = next[edge.from]++;
    targets_[place] = edge.to;
    causes_[place] = edge.cause;
  }
}

Outgoing Graph::outgoing(Node node) const {
  BH_CHECK(node < nodes(), "a node beyond the graph");
  const std::size_t begin = starts_[node], count = starts_[node + 1] - begin;
  return {{targets_.data() + begin, count}, {causes_.data() + begin, count}};
}

}  // namespace bulkhead::closure
