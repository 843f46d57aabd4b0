#include "checker/explore/graph.h"

#include <algorithm>
#include <utility>

namespace bulkhead::explore {

Graph::Graph(const system::System& system, const system::Scope& scope, const Options& options)
    : reach_(system, scope, options), begin_{0} {
  bool full = false;
  Visitor visitor;
  visitor.state = [](Node, FlatView) { return true; };
  visitor.edge = [&](Node from, std::uint32_t instance, Node to) {
    begin_.resize(from + 2u, edges_.size());  // nodes come in order; those without edges get empty ranges
    edges_.push_back({instance, to});
    begin_[from + 1u] = edges_.size();
    full = edges_.capacity() * sizeof(Edge) > options.bytes;
    return !full;
  };
  gap_ = reach_.run(visitor);
  if (full) gap_ = "the budget of memory is spent";
  begin_.resize(size() + 1, edges_.size());
  order_.assign(size(), kNoNode);
}

namespace {

/// Tarjan's algorithm with a stack of its own.
class Tarjan {
 public:
  Tarjan(const Graph& graph, std::vector<Node>& order, const std::vector<Node>& nodes)
      : graph_(graph), order_(order), low_(nodes.size(), 0), open_(nodes.size(), false) {
    members_ = nodes;
    std::sort(members_.begin(), members_.end());
    for (std::size_t i = 0; i < members_.size(); ++i) order_[members_[i]] = static_cast<Node>(i);
    visited_.assign(members_.size(), kNoNode);
  }
  ~Tarjan() {
    for (const Node node : members_) order_[node] = kNoNode;
  }
  Tarjan(const Tarjan&) = delete;
  Tarjan& operator=(const Tarjan&) = delete;

  std::vector<std::vector<Node>> run() {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (visited_[i] == kNoNode) visit(static_cast<Node>(i));
    }
    return std::move(parts_);
  }

 private:
  struct Frame {
    Node local;
    std::size_t edge;
  };

  void enter(Node local) {
    visited_[local] = low_[local] = count_++;
    stack_.push_back(local);
    open_[local] = true;
    frames_.push_back({local, 0});
  }

  void visit(Node root) {
    enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const auto edges = graph_.edges(members_[frame.local]);
      if (frame.edge == edges.size()) {
        leave(frame.local);
        continue;
      }
      const Node local = frame.local;
      const Node to = order_[edges[frame.edge++].to];
      if (to == kNoNode) continue;  // outside of the set
      if (visited_[to] == kNoNode) {
        enter(to);
      } else if (open_[to]) {
        low_[local] = std::min(low_[local], visited_[to]);
      }
    }
  }

  void leave(Node local) {
    frames_.pop_back();
    if (!frames_.empty()) low_[frames_.back().local] = std::min(low_[frames_.back().local], low_[local]);
    if (low_[local] != visited_[local]) return;
    std::vector<Node> part;
    for (Node one = kNoNode; one != local;) {
      one = stack_.back();
      stack_.pop_back();
      open_[one] = false;
      part.push_back(members_[one]);
    }
    std::sort(part.begin(), part.end());
    parts_.push_back(std::move(part));
  }

  const Graph& graph_;
  std::vector<Node>& order_;  // a node's place among the members
  std::vector<Node> members_, visited_, low_;
  std::vector<bool> open_;
  std::vector<Node> stack_;
  std::vector<Frame> frames_;
  std::vector<std::vector<Node>> parts_;
  Node count_ = 0;
};

}  // namespace

std::vector<std::vector<Node>> Graph::parts(const std::vector<Node>& nodes) {
  return Tarjan(*this, order_, nodes).run();
}

}  // namespace bulkhead::explore
