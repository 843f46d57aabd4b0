// Influence: the least set that holds the sources and everything that an edge leads to, or a shortest path to a target.
#include <boost/dynamic_bitset.hpp>

#include <algorithm>

#include "checker/engine/acquisition.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/witness.h"

namespace bulkhead::engine {
namespace {

using obligation::GraphNode;
using Nodes = boost::dynamic_bitset<>;

class Closure {
 public:
  Closure(const obligation::Unreachable& goal, Session& session)
      : goal_(goal),
        session_(session),
        inside_(goal.nodes.size()),
        targets_(goal.nodes.size()),
        parent_(goal.nodes.size()) {
    for (const GraphNode node : goal.targets) targets_.set(index_of(node));
    for (const GraphNode node : goal.sources) {
      inside_.set(index_of(node));
      queue_.push_back(index_of(node));
    }
  }

  verdict::Verdict run();

 private:
  /// Nodes stand in order.
  std::size_t index_of(GraphNode node) const {
    return static_cast<std::size_t>(std::lower_bound(goal_.nodes.begin(), goal_.nodes.end(), node) -
                                    goal_.nodes.begin());
  }
  /// The nodes that `from` may influence and that are not inside, in order.
  std::vector<std::size_t> outside(std::size_t from) const;
  std::optional<std::size_t> saturate();
  verdict::Verdict path_to(std::size_t target) const;
  verdict::Verdict closed() const;
  SharedEdge edge(std::size_t from, std::size_t to) const {
    return session_.edge(goal_.view, goal_.nodes[from], goal_.nodes[to]);
  }

  const obligation::Unreachable& goal_;
  Session& session_;
  Nodes inside_;
  Nodes targets_;
  std::vector<std::size_t> queue_;
  std::vector<std::optional<std::size_t>> parent_;
};

std::vector<std::size_t> Closure::outside(std::size_t from) const {
  std::vector<std::size_t> places;
  for (const GraphNode node : session_.graph(goal_.view).neighbours(goal_.nodes[from])) {
    const std::size_t at = index_of(node);
    if (!inside_.test(at)) places.push_back(at);
  }
  return places;
}

/// Breadth first, in the order of nodes; stops at the first target.
std::optional<std::size_t> Closure::saturate() {
  for (std::size_t at = 0; at < queue_.size(); ++at) {
    const std::size_t from = queue_[at];
    for (const std::size_t to : outside(from)) {
      if (!edge(from, to)->exists) continue;
      inside_.set(to);
      parent_[to] = from;
      queue_.push_back(to);
      if (targets_.test(to)) return to;
    }
  }
  return std::nullopt;
}

verdict::Verdict Closure::path_to(std::size_t target) const {
  verdict::Violated violated;
  std::vector<ir::Handover> handovers;
  for (std::size_t at = target; parent_[at]; at = *parent_[at]) {
    const std::size_t from = *parent_[at];
    violated.trace.steps.push_back(
        step_along(session_, *edge(from, at), {goal_.nodes[from], goal_.nodes[at]}, handovers));
  }
  std::reverse(violated.trace.steps.begin(), violated.trace.steps.end());
  const auto before = steps_of(session_.world(), handovers);  // whatever is handed over, is handed over first
  violated.trace.steps.insert(violated.trace.steps.begin(), before.begin(), before.end());
  return violated;
}

verdict::Verdict Closure::closed() const {
  verdict::ClosedEvidence evidence;
  for (std::size_t i = inside_.find_first(); i != Nodes::npos; i = inside_.find_next(i)) {
    evidence.closed.push_back(goal_.nodes[i]);
    for (const std::size_t to : outside(i)) {
      const SharedEdge found = edge(i, to);
      if (!found->unknown.empty()) return verdict::Unknown{found->unknown};
      for (const SharedAnswer& answer : found->answers)
        evidence.crossings.push_back(std::get<NoSolution>(*answer).evidence);
    }
  }
  return verdict::Holds{{std::move(evidence), {}}};
}

verdict::Verdict Closure::run() {
  if (const auto target = saturate()) return path_to(*target);
  return closed();
}

/// One flow that does not exist shows it; otherwise all paths together.
verdict::Verdict solve_apart(const obligation::Apart& goal, Session& session) {
  verdict::Violated violated;
  std::optional<verdict::Verdict> unknown;
  for (std::size_t i = 0; i < goal.flows.size(); ++i) {
    verdict::Verdict one = Closure(goal.flows[i], session).run();
    if (auto* holds = std::get_if<verdict::Holds>(&one)) {
      std::get<verdict::ClosedEvidence>(holds->certificate.evidence).flow = i;
      return one;
    }
    const auto* path = std::get_if<verdict::Violated>(&one);
    if (path == nullptr) {
      if (!unknown) unknown = std::move(one);
      continue;
    }
    violated.trace.steps.insert(violated.trace.steps.end(), path->trace.steps.begin(), path->trace.steps.end());
  }
  if (unknown) return *unknown;
  std::stable_partition(violated.trace.steps.begin(), violated.trace.steps.end(),
                        [](const verdict::Step& step) { return step.handover.has_value(); });
  return violated;
}

}  // namespace

bool ClosureEngine::decides(const obligation::Goal& goal) const {
  return std::holds_alternative<obligation::Unreachable>(goal) || std::holds_alternative<obligation::Apart>(goal);
}

verdict::Verdict ClosureEngine::solve(const obligation::Obligation& obligation, Session& session, const Turn&) const {
  if (const auto* apart = std::get_if<obligation::Apart>(&obligation.goal)) return solve_apart(*apart, session);
  return Closure(std::get<obligation::Unreachable>(obligation.goal), session).run();
}

}  // namespace bulkhead::engine
