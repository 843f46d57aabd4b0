// Influence: the least set that holds the sources and everything that an edge leads to, or a shortest path to a target.
#include <boost/dynamic_bitset.hpp>

#include <algorithm>
#include <set>

#include "checker/engine/acquisition.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/witness.h"
#include "lang/ir/acquire.h"
#include "lang/ir/replay.h"

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
  verdict::Violated path_to(std::size_t target) const;
  bool leave_out_what_does_not_replay(const verdict::Trace& trace);
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
  std::set<std::pair<std::size_t, std::size_t>> doubtful_;  // edges of which a witness was found that does not replay
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
  inside_.reset();
  queue_.clear();
  std::fill(parent_.begin(), parent_.end(), std::nullopt);
  for (const GraphNode node : goal_.sources) {
    inside_.set(index_of(node));
    queue_.push_back(index_of(node));
  }
  for (std::size_t at = 0; at < queue_.size(); ++at) {
    const std::size_t from = queue_[at];
    for (const std::size_t to : outside(from)) {
      if (!edge(from, to)->exists || doubtful_.count({from, to}) != 0) continue;
      inside_.set(to);
      parent_[to] = from;
      queue_.push_back(to);
      if (targets_.test(to)) return to;
    }
  }
  return std::nullopt;
}

verdict::Violated Closure::path_to(std::size_t target) const {
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

/// Conditions about folders that are moved ask for more than is so (checker/obligation/folder.h): such an edge can turn
/// out to be none, and the way may be another one. Whether some edge of the path was left out.
bool Closure::leave_out_what_does_not_replay(const verdict::Trace& trace) {
  ir::Witness one;
  for (const verdict::Step& step : trace.steps) {
    if (step.handover) one.handovers.push_back(*step.handover);
  }
  // Conditions on handing over are looked at elsewhere (checker/engine/conditional.h).
  if (ir::Acquired(session_.world()).hand_over(one.handovers)) return false;
  const std::size_t known = doubtful_.size();
  for (const verdict::Step& step : trace.steps) {
    const bool files = step.cause == obligation::Cause::SharedObject || step.cause == obligation::Cause::LabelledObject;
    if (step.handover || !step.cause || !files) continue;
    ir::FlowEnds ends;
    one.path = {{std::nullopt, std::nullopt, *step.cause, step.requests, step.channel, step.from.data}};
    if (step.to.subject.valid()) {
      ends.targets = {step.to.subject};
      one.path.front().to = step.to.subject;
    } else {
      ends.target_network = true;  // what comes from labelled addresses
    }
    if (step.from.subject.valid()) {
      ends.sources = {step.from.subject};
      one.path.front().from = step.from.subject;
    } else {
      ends.source_data = step.from.data;
    }
    if (ir::replay_flow(session_.world(), ends, one)) doubtful_.emplace(index_of(step.from), index_of(step.to));
  }
  return doubtful_.size() > known;
}

verdict::Verdict Closure::run() {
  while (const auto target = saturate()) {
    verdict::Violated found = path_to(*target);
    if (!leave_out_what_does_not_replay(found.trace)) return found;
  }
  if (doubtful_.empty()) return closed();
  return verdict::Unknown{
      "a way was found that does not replay: whether some folder stays where it is, is not decided"};
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
