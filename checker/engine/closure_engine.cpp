// Influence: the least set that holds the sources and everything that an edge leads to, or a shortest path to a target.
#include <boost/dynamic_bitset.hpp>

#include <algorithm>
#include <map>

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
    std::map<GraphNode, std::size_t> index;
    for (std::size_t i = 0; i < goal.nodes.size(); ++i) index.emplace(goal.nodes[i], i);
    for (const GraphNode node : goal.targets) targets_.set(index.at(node));
    for (const GraphNode node : goal.sources) {
      inside_.set(index.at(node));
      queue_.push_back(index.at(node));
    }
  }

  verdict::Verdict run();

 private:
  std::optional<std::size_t> saturate();
  verdict::Verdict path_to(std::size_t target) const;
  verdict::Verdict closed() const;
  verdict::Step step(std::size_t from, std::size_t to) const;
  SharedEdge edge(std::size_t from, std::size_t to) const { return session_.edge(goal_.nodes[from], goal_.nodes[to]); }

  const obligation::Unreachable& goal_;
  Session& session_;
  Nodes inside_;
  Nodes targets_;
  std::vector<std::size_t> queue_;
  std::vector<std::optional<std::size_t>> parent_;
};

/// Breadth first, in the order of nodes; stops at the first target.
std::optional<std::size_t> Closure::saturate() {
  for (std::size_t at = 0; at < queue_.size(); ++at) {
    const std::size_t from = queue_[at];
    const Nodes outside = ~inside_;
    for (std::size_t to = outside.find_first(); to != Nodes::npos; to = outside.find_next(to)) {
      if (!edge(from, to)->exists) continue;
      inside_.set(to);
      parent_[to] = from;
      queue_.push_back(to);
      if (targets_.test(to)) return to;
    }
  }
  return std::nullopt;
}

verdict::Step Closure::step(std::size_t from, std::size_t to) const {
  const SharedEdge found = edge(from, to);
  const obligation::Influence& influence = found->influences[*found->exists];
  verdict::Step step;
  if (influence.condition) {
    const auto& solution = std::get<Solution>(*found->answers[*found->exists]);
    step = step_of(session_.world(), requests_of(session_.world(), influence.condition->acts, solution));
  }
  step.sentences.insert(step.sentences.end(), influence.sentences.begin(), influence.sentences.end());
  std::sort(step.sentences.begin(), step.sentences.end());
  step.sentences.erase(std::unique(step.sentences.begin(), step.sentences.end()), step.sentences.end());
  step.cause = influence.cause;
  step.from = goal_.nodes[from];
  step.to = goal_.nodes[to];
  return step;
}

verdict::Verdict Closure::path_to(std::size_t target) const {
  verdict::Violated violated;
  for (std::size_t at = target; parent_[at]; at = *parent_[at]) violated.trace.steps.push_back(step(*parent_[at], at));
  std::reverse(violated.trace.steps.begin(), violated.trace.steps.end());
  return violated;
}

verdict::Verdict Closure::closed() const {
  verdict::ClosedEvidence evidence;
  for (std::size_t i = inside_.find_first(); i != Nodes::npos; i = inside_.find_next(i)) {
    evidence.closed.push_back(goal_.nodes[i]);
    const Nodes outside = ~inside_;
    for (std::size_t to = outside.find_first(); to != Nodes::npos; to = outside.find_next(to)) {
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

}  // namespace

bool ClosureEngine::decides(const obligation::Goal& goal) const {
  return std::holds_alternative<obligation::Unreachable>(goal);
}

verdict::Verdict ClosureEngine::solve(const obligation::Obligation& obligation, Session& session) const {
  return Closure(std::get<obligation::Unreachable>(obligation.goal), session).run();
}

}  // namespace bulkhead::engine
