// Claims about influence: `isolated`, `protected`, `no flow`, `keeps apart`, `shares no`. [semantics 4, 8]
#include <algorithm>

#include "checker/obligation/case.h"
#include "lang/ir/label.h"

namespace bulkhead::obligation {
namespace {

constexpr const char* kUnmodelled = "what stat tells, free space, timing, caches and power are not modelled";
constexpr const char* kUnmodelledNorLocks =
    "locks, watches, what stat tells, free space, timing, caches and power are not modelled";
constexpr const char* kHostVolumes = "the host uses no volume whose place the run names, and no network but loopback";
constexpr const char* kReleased = "what is let through by declassification is not limited by this claim";

std::vector<GraphNode> side_of(const std::vector<ir::SubjectId>& subjects) {
  std::vector<GraphNode> nodes;
  for (const ir::SubjectId subject : subjects) nodes.push_back({subject});
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

/// Whoever opens a file for reading can lock or watch it, and be noticed; the map says so in models/locks.bh.
bool models_locks(const ir::FlowMap& flow) {
  const ir::Rights opens = ir::Rights(ir::Right::Read) | ir::Right::Write | ir::Right::Execute;
  return (flow.into_file & flow.out_of_file & opens) == opens;
}

/// No path between these ends.
Unreachable separation(Case& c, const ir::FlowEnds& ends) {
  Unreachable goal;
  goal.nodes = graph_nodes(c.world);
  goal.sources = side_of(ends.sources);
  goal.targets = side_of(ends.targets);
  goal.view = {c.actors, ends.cuts};
  if (ends.source_data) {
    goal.sources.push_back({ir::SubjectId{}, *ends.source_data});
    goal.nodes.push_back(goal.sources.back());
    std::sort(goal.nodes.begin(), goal.nodes.end());
  }
  if (ends.target_network) goal.targets.push_back({});
  std::sort(goal.view.cuts.begin(), goal.view.cuts.end());
  for (const GraphNode source : goal.sources) {
    if (source.subject.valid() && std::binary_search(goal.targets.begin(), goal.targets.end(), source)) {
      c.refuse("`" + c.world.at(source.subject).name + "` stands on both sides");
    }
  }
  for (const auto* side : {&goal.sources, &goal.targets}) {
    for (const GraphNode node : *side) {
      const bool subject = node.subject.valid();
      if (subject && c.world.at(node.subject).kind == ir::SubjectKind::Profile) c.refuse("a profile has no influence");
    }
  }
  if (goal.sources.empty() || goal.targets.empty()) {
    c.result.not_vacuous.push_back({"one side has no member", Query{}});
  }
  c.result.assumptions = {kNoAlias, models_locks(c.world.flow) ? kUnmodelled : kUnmodelledNorLocks, kHostVolumes};
  assume_delegations(c);
  return goal;
}

}  // namespace

/// `a isolated from b`: no influence in the direction of this case; from the host, only from a to the host.
Goal goal_of(Case& c, const ir::Isolated& claim) {
  return separation(c, ir::ends_of(c.world, claim, c.instance.direction == Direction::Forward, c.instance.variable));
}

/// `a protected from b`: no influence from b to a.
Goal goal_of(Case& c, const ir::Protected& claim) {
  return separation(c, ir::ends_of(c.world, claim, c.instance.variable));
}

namespace {

/// Nothing in the world has this label or one above: what is claimed of it says nothing.
void need_label(Case& c, ir::LabelId label) {
  const auto above = [&](const std::optional<ir::LabelId>& one) { return one && ir::at_most(c.world, label, *one); };
  const auto set = [&](const ir::ObjectSet& one) { return above(one.label); };
  const auto subject = [&](const ir::Subject& one) { return above(one.label); };
  const bool some = std::any_of(c.world.sets.begin(), c.world.sets.end(), set) ||
                    std::any_of(c.world.subjects.begin(), c.world.subjects.end(), subject);
  if (!some) c.result.not_vacuous.push_back({"nothing is labelled " + c.world.at(label).name, Query{}});
}

}  // namespace

/// `no flow A -> B except through C`.
Goal goal_of(Case& c, const ir::NoFlow& claim) {
  need_label(c, claim.from);
  Unreachable goal = separation(c, ir::ends_of(c.world, claim));
  if (!goal.view.cuts.empty()) c.result.assumptions.emplace_back(kReleased);
  return goal;
}

/// `s keeps A, B, network apart except through C`.
Goal goal_of(Case& c, const ir::KeepsApart& claim) {
  need_label(c, claim.first);
  need_label(c, claim.second);
  Apart goal;
  for (const ir::FlowEnds& ends : ir::ends_of(c.world, claim, c.subject(claim.subject))) {
    goal.flows.push_back(separation(c, ends));
  }
  const bool released = std::any_of(goal.flows.begin(), goal.flows.end(),
                                    [](const Unreachable& flow) { return !flow.view.cuts.empty(); });
  if (released) c.result.assumptions.emplace_back(kReleased);
  return goal;
}

namespace {

/// One file that `changer` may change, it or a folder in which it lies, and `user` may use.
LabelledQuery shared_file(Case& c, ir::SubjectId changer, ir::SubjectId user) {
  Builder build;
  LabelledQuery query;
  const auto any_right = [&](ir::SubjectId subject, ir::Rights rights, std::uint8_t copy) {
    std::vector<NodeId> ways;
    for (const ir::Right right : rights_of(rights)) {
      Volumes volumes = reachable_volumes(c.rules, subject, right);
      volumes.erase(ir::kOwnRoot);  // no two containers share an object of their roots
      if (c.idle(subject)) continue;
      const bool moves = right == ir::Right::Rename || right == ir::Right::Link;
      for (const Place place : {Place::Object, Place::Above}) {
        if (place == Place::Above && !moves) continue;
        Scope scope{c.rules, build, subject, right, copy, volumes, std::nullopt, c.refusal, place};
        NodeId may = authority(scope, c.actors);
        if (place == Place::Above) may = build.both(may, build.negate(build.member(at_the_top(volumes))));
        if (may != Builder::constant(false)) query.acts.push_back({subject, right, copy});
        ways.push_back(may);
      }
    }
    return build.any(ways);
  };
  const ir::Rights changing = ir::Rights(ir::Right::Write) | ir::Right::Rename | ir::Right::Link;  // not only opening
  const NodeId changes = any_right(changer, c.world.flow.into_file & changing, 0);
  const NodeId uses = any_right(user, c.world.flow.into_file | c.world.flow.out_of_file, 1);
  query.label = c.world.at(changer).name + " changes what " + c.world.at(user).name + " uses";
  query.query = Query{ir::Plane::File, build.finish(build.both(changes, uses)), std::nullopt};
  return query;
}

/// `s shares no namespace`: nobody says that they share one, counted.
Sum shared_namespaces(const ir::World& world, ir::SubjectId subject) {
  Sum sum;
  sum.label = "namespaces shared by " + world.at(subject).name;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const ir::Subject& one = world.subjects[i];
    if (one.kind != ir::SubjectKind::Container) continue;
    for (const ir::NamespaceSetting& setting : one.namespaces) {
      using Mode = ir::NamespaceSetting::Mode;
      const bool own = ir::SubjectId{i} == subject && setting.mode != Mode::Private;
      const bool with = setting.mode == Mode::With && setting.with == subject;
      if (own || with) sum.parts.push_back({one.name + " shares a namespace", 1, setting.sentence});
    }
  }
  sum.bound.push_back({"none", 0, {}});
  return sum;
}

}  // namespace

/// `s shares no writable file`, `s shares no namespace`.
Goal goal_of(Case& c, const ir::SharesNo& claim) {
  const ir::SubjectId subject = c.subject(claim.subject);
  if (claim.what == ir::SharesNo::What::Namespace) return Linear{{shared_namespaces(c.world, subject)}};
  AllEmpty goal;
  for (std::size_t i = 0; i < c.world.subjects.size(); ++i) {
    const ir::SubjectId other{i};
    if (other == subject || c.world.at(other).kind == ir::SubjectKind::Profile) continue;
    goal.queries.push_back(shared_file(c, subject, other));
    goal.queries.push_back(shared_file(c, other, subject));
  }
  c.result.assumptions.emplace_back(kNoAlias);
  assume_delegations(c);
  return goal;
}

}  // namespace bulkhead::obligation
