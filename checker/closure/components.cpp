#include "checker/closure/components.h"

#include <algorithm>
#include <limits>

namespace bulkhead::closure {
namespace {

constexpr std::uint32_t kUnseen = std::numeric_limits<std::uint32_t>::max();

/// Tarjan's search with the calls on a stack of its own: a chain of a million nodes must not end the program.
class Search {
 public:
  explicit Search(const Graph& graph)
      : graph_(graph), order_(graph.nodes(), kUnseen), low_(graph.nodes(), 0), done_{{}, 0} {
    done_.of.assign(graph.nodes(), kUnseen);
  }

  Components run() {
    for (Node root = 0; root < graph_.nodes(); ++root) {
      if (order_[root] == kUnseen) visit(root);
    }
    return std::move(done_);
  }

 private:
  struct Call {
    Node node;
    std::size_t next;  // of its edges
  };

  void enter(Node node) {
    order_[node] = low_[node] = seen_++;
    open_.push_back(node);
    calls_.push_back({node, 0});
  }

  void visit(Node root) {
    enter(root);
    while (!calls_.empty()) {
      const Node node = calls_.back().node;
      const std::span<const Node> targets = graph_.targets(node);
      if (calls_.back().next < targets.size()) {
        const Node target = targets[calls_.back().next++];
        if (order_[target] == kUnseen) {
          enter(target);
        } else if (done_.of[target] == kUnseen) {
          low_[node] = std::min(low_[node], order_[target]);
        }
        continue;
      }
      leave(node);
    }
  }

  void leave(Node node) {
    calls_.pop_back();
    if (!calls_.empty()) low_[calls_.back().node] = std::min(low_[calls_.back().node], low_[node]);
    if (low_[node] != order_[node]) return;
    Node member = 0;
    do {
      member = open_.back();
      open_.pop_back();
      done_.of[member] = static_cast<Component>(done_.count);
    } while (member != node);
    ++done_.count;
  }

  const Graph& graph_;
  std::vector<std::uint32_t> order_, low_;
  std::vector<Node> open_;
  std::vector<Call> calls_;
  std::uint32_t seen_ = 0;
  Components done_;
};

}  // namespace

Components components(const Graph& graph) {
  return Search(graph).run();
}

}  // namespace bulkhead::closure
