#include "checker/query/flow_difference.h"

#include <algorithm>
#include <map>
#include <set>

#include "checker/certificate/witness.h"
#include "checker/engine/acquisition.h"
#include "checker/engine/engine.h"
#include "checker/engine/portfolio.h"
#include "checker/query/settled.h"
#include "lang/ir/acquire.h"
#include "lang/ir/replay.h"

namespace bulkhead::query {
namespace {

using obligation::GraphNode;
using Nodes = std::set<GraphNode>;

/// What a node of one policy is called in both.
std::string name_of(const ir::World& world, GraphNode node) {
  if (node.data.valid()) return "what is labelled " + world.at(node.data).name;
  return node.network() ? "the network" : world.at(node.subject).name;
}

/// Who reaches whom in one policy.
class Reach {
 public:
  /// `possible` are those of whom it is not shown that they are not reached.
  struct Row {
    Nodes certain;
    Nodes possible;
    std::string reason;  // why the two differ
  };

  Reach(const Settled& policy, const engine::Budget& budget) : policy_(policy), session_(policy.asked(), budget) {
    const ir::World& world = policy.asked();
    nodes_ = obligation::graph_nodes(world);
    for (std::size_t i = 0; i < world.labels.size(); ++i) nodes_.push_back({ir::SubjectId{}, ir::LabelId{i}});
    for (const GraphNode node : nodes_) by_name_.emplace(kind_of(node) + name_of(world, node), node);
    for (std::size_t i = 0; i < world.subjects.size(); ++i) followers_ |= !ir::is_free(world, ir::SubjectId{i});
  }

  const ir::World& world() { return session_.world(); }
  const std::vector<GraphNode>& nodes() const { return nodes_; }

  bool is_small() {
    std::size_t edges = 0;
    for (const GraphNode node : nodes_) edges += session_.graph({}).neighbours(node).size();
    return edges <= kMaxEdges;
  }

  /// The node of the same name and kind.
  std::optional<GraphNode> counterpart(Reach& other, GraphNode node) {
    const auto found = other.by_name_.find(kind_of(node) + name_of(world(), node));
    return found == other.by_name_.end() ? std::nullopt : std::optional(found->second);
  }

  Row from(GraphNode source) {
    Row row;
    row.possible = saturate(source, {}, row.reason);
    std::string none;
    row.certain = saturate(source, free(), none, Known::Certain);
    if (followers_ && row.reason.empty()) row.reason = "it hangs on what a trusted subject does by its protocol";
    return row;
  }

  /// The steps of a shortest path by those who are free to act; none where it does not replay.
  std::vector<verdict::Step> path(GraphNode from, GraphNode to) {
    obligation::Obligation asked;
    obligation::Unreachable goal{obligation::graph_nodes(world()), {from}, {to}, free()};
    if (from.data.valid()) goal.nodes.push_back(from);
    std::sort(goal.nodes.begin(), goal.nodes.end());
    asked.goal = std::move(goal);
    const verdict::Verdict verdict = engine::solve_by(engine::make_engines(), asked, session_);
    const auto* violated = std::get_if<verdict::Violated>(&verdict);
    if (violated == nullptr) return {};
    ir::FlowEnds ends;
    if (from.subject.valid()) ends.sources = {from.subject};
    if (from.data.valid()) ends.source_data = from.data;
    if (to.subject.valid()) ends.targets = {to.subject};
    ends.target_network = to.network();
    ir::Witness witness = certificate::witness_of(violated->trace);
    const auto run = policy_.run(witness.handovers);
    if (!run) return {};
    witness.handovers = *run;
    if (ir::replay_flow(policy_.policy(), ends, witness)) return {};
    std::vector<verdict::Step> steps = violated->trace.steps;
    std::erase_if(steps, [](const verdict::Step& step) { return step.handover.has_value(); });
    const std::vector<verdict::Step> before = engine::steps_of(policy_.policy(), *run);
    steps.insert(steps.begin(), before.begin(), before.end());
    return steps;
  }

 private:
  enum class Known : std::uint8_t { Certain, Possible };

  std::string kind_of(GraphNode node) {
    return node.subject.valid() ? std::to_string(static_cast<int>(world().at(node.subject).kind)) + " " : "";
  }

  obligation::View free() const { return {followers_ ? ir::Actors::Free : ir::Actors::Everybody, {}}; }

  Nodes saturate(GraphNode source, const obligation::View& view, std::string& reason, Known known = Known::Possible) {
    Nodes inside{source};
    std::vector<GraphNode> open{source};
    while (!open.empty()) {
      const GraphNode from = open.back();
      open.pop_back();
      for (const GraphNode to : session_.graph(view).neighbours(from)) {
        if (inside.contains(to)) continue;
        const engine::SharedEdge edge = session_.edge(view, from, to);
        if (!edge->exists && (known == Known::Certain || edge->unknown.empty())) continue;
        if (!edge->exists) reason = edge->unknown;
        inside.insert(to);
        open.push_back(to);
      }
    }
    inside.erase(source);
    return inside;
  }

  const Settled& policy_;
  engine::Session session_;
  std::vector<GraphNode> nodes_;
  std::map<std::string, GraphNode> by_name_;
  bool followers_ = false;
};

/// What the nodes of `first` can influence and those of `second` of the same name cannot.
void compare(Reach& first, Reach& second, Change change, std::vector<FlowChange>& out) {
  for (const GraphNode source : first.nodes()) {
    const Reach::Row row = first.from(source);
    const auto other = first.counterpart(second, source);
    const Reach::Row before = other ? second.from(*other) : Reach::Row{};
    for (const GraphNode target : row.possible) {
      const auto same = first.counterpart(second, target);
      if (same && before.certain.contains(*same)) continue;
      FlowChange found{change, name_of(first.world(), source), name_of(first.world(), target), {}, ""};
      if (row.certain.contains(target) && !(same && before.possible.contains(*same))) {
        found.path = first.path(source, target);
        if (found.path.empty()) found.reason = "the path did not replay";
      } else {
        found.reason = row.certain.contains(target) ? before.reason : row.reason;
      }
      if (!found.reason.empty()) found.change = Change::Unknown;
      // Of what nobody knows the new policy alone is asked: whether it adds something.
      if (found.change != Change::Unknown || change == Change::Added) out.push_back(std::move(found));
    }
  }
}

bool speaks_of_flow(const ir::World& world) {
  return !world.channels.empty() || !world.delegations.empty() || !world.holdings.empty() ||
         !world.declassifications.empty();
}

bool same_labels(const ir::World& a, const ir::World& b) {
  return std::equal(a.labels.begin(), a.labels.end(), b.labels.begin(), b.labels.end(),
                    [](const ir::Label& x, const ir::Label& y) { return x.name == y.name && x.below == y.below; });
}

}  // namespace

std::vector<FlowChange> flow_difference(const ir::World& older, const ir::World& newer, const ProveOptions& options) {
  std::vector<FlowChange> changes;
  const auto unknown = [](std::string reason) {
    return std::vector<FlowChange>{{Change::Unknown, "", "", {}, std::move(reason)}};
  };
  if (!speaks_of_flow(older) && !speaks_of_flow(newer)) return changes;
  if (!older.dynamic.empty() || !newer.dynamic.empty()) return unknown("a policy has sentences without a meaning");
  if (!same_labels(older, newer)) return unknown("the two policies declare different labels");
  engine::Budget budget;
  budget.solver.seed = static_cast<std::uint32_t>(options.seed);
  const Settled old_policy(older, budget), new_policy(newer, budget);
  if (!old_policy.known() || !new_policy.known()) {
    return unknown(
        "who influences whom is not compared where conditions of delegations ask that somebody lacks something");
  }
  Reach before(old_policy, budget), after(new_policy, budget);
  if (!before.is_small() || !after.is_small()) {
    return unknown("who influences whom is not compared beyond " + std::to_string(kMaxEdges) + " possible edges");
  }
  compare(after, before, Change::Added, changes);
  compare(before, after, Change::Removed, changes);
  return changes;
}

bool adds_flow(const std::vector<FlowChange>& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const FlowChange& c) { return c.change != Change::Removed; });
}

}  // namespace bulkhead::query
