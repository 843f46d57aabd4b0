// The reachable states of a scope with all steps between them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/explore/reach.h"

namespace bulkhead::explore {

struct Edge {
  std::uint32_t instance;
  Node to;
};

class Graph {
 public:
  /// Explores everything; `gap` says what is missing.
  Graph(const system::System& system, const system::Scope& scope, const Options& options);

  Reach& reach() { return reach_; }
  Machine& machine() { return reach_.machine(); }
  std::size_t size() const { return reach_.states(); }
  const std::optional<std::string>& gap() const { return gap_; }
  /// In the order of their instances; an instance without an edge does not fire in the node, where it is expanded.
  std::span<const Edge> edges(Node node) const {
    if (node + 1u >= begin_.size()) return {};
    return {edges_.data() + begin_[node], begin_[node + 1] - begin_[node]};
  }

  /// The strongly connected parts of a set of nodes, each in the order of its nodes. Cost: linear.
  std::vector<std::vector<Node>> parts(const std::vector<Node>& nodes);

 private:
  Reach reach_;
  std::vector<std::size_t> begin_;  // by node, and the end
  std::vector<Edge> edges_;
  std::optional<std::string> gap_;
  std::vector<Node> order_;  // of `parts`, kept to be cheap when asked for small sets: kNoNode but while it runs
};

}  // namespace bulkhead::explore
