// The influence graph of a policy without dynamic sentences. What an edge is, in terms of single requests:
// lang/ir/replay_flow.
#include <algorithm>

#include "checker/obligation/scope.h"
#include "lang/ir/net_range.h"

namespace bulkhead::obligation {
namespace {

constexpr ir::Right kChanges[] = {ir::Right::Write, ir::Right::Rename, ir::Right::Link};
/// What may be renamed or linked can be brought to a name that may be read.
constexpr ir::Right kReads[] = {ir::Right::Read, ir::Right::Execute, ir::Right::Rename, ir::Right::Link};

template <std::size_t N>
ir::Rights any_of(const ir::Right (&rights)[N]) {
  ir::Rights all;
  for (const ir::Right right : rights) all = all | right;
  return all;
}

/// By subject: the volumes that some permit for one of these rights, or a host's own right, speaks of. One pass over
/// the rules, because a graph of n subjects asks for all of them.
std::vector<Volumes> volumes_by_subject(const ir::World& world, ir::Rights rights) {
  std::vector<Volumes> volumes(world.subjects.size());
  for (std::size_t i = 0; i < world.subjects.size(); ++i) volumes[i] = implicit_volumes(world, ir::SubjectId{i});
  Volumes of_containers;
  for (const ir::Rule& rule : world.rules) {
    if (rule.effect != ir::Effect::Permit || (rule.rights & rights).empty()) continue;
    Volumes& to = rule.subject ? volumes.at(rule.subject->index()) : of_containers;
    to.merge(volumes_of(world, rule.objects));
  }
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind == ir::SubjectKind::Container)
      volumes[i].insert(of_containers.begin(), of_containers.end());
    volumes[i].erase(ir::kOwnRoot);  // no two containers share an object of their roots
  }
  return volumes;
}

struct Making {
  const Rules& rules;
  const ir::World& world = rules.world();
  Builder build{};
  std::optional<Refusal> refusal{};
  std::vector<Act> acts{};

  NodeId may(ir::SubjectId subject, ir::Right right, std::uint8_t copy, const Volumes& volumes) {
    Scope scope{rules, build, subject, right, copy, volumes, std::nullopt, refusal};
    const NodeId node = access(scope);
    if (node != Builder::constant(false)) acts.push_back({subject, right, copy});
    return node;
  }

  /// `subject` may list the folder that holds the object: it sees names come and go.
  NodeId may_list(ir::SubjectId subject, std::uint8_t copy, const Volumes& volumes) {
    Scope scope{rules, build, subject, ir::Right::Read, copy, volumes, std::nullopt, refusal, true};
    const NodeId node = access(scope);
    if (node == Builder::constant(false)) return node;
    acts.push_back({subject, ir::Right::Read, copy, true});
    ir::ObjectPatterns roots;
    for (const ir::VolumeId volume : volumes) roots.files.push_back({volume, "/", ""});
    return build.both(node, build.negate(build.member(std::move(roots))));
  }
};

std::string name(const ir::World& world, GraphNode node) {
  return node.network() ? "the network" : world.at(node.subject).name;
}

/// The influence over this cause if the formula can be true at all.
void add(std::vector<Influence>& edges, Making& making, NodeId root, Cause cause, ir::Plane plane, std::string label) {
  if (root == Builder::constant(false)) return;
  Influence edge;
  edge.cause = cause;
  edge.condition = LabelledQuery{std::move(label), Query{plane, making.build.finish(root), std::nullopt}, making.acts};
  edges.push_back(std::move(edge));
}

std::optional<Influence> shared_namespace(const ir::World& world, ir::SubjectId u, ir::SubjectId v) {
  Influence edge;
  edge.cause = Cause::SharedNamespace;
  bool shared = false;
  const auto collect = [&](ir::SubjectId from, ir::SubjectId to) {
    const ir::Subject& subject = world.at(from);
    if (subject.kind != ir::SubjectKind::Container) return;
    for (const ir::NamespaceSetting& setting : subject.namespaces) {
      using Mode = ir::NamespaceSetting::Mode;
      const bool host = setting.mode == Mode::Host && world.at(to).kind == ir::SubjectKind::Host;
      if (!host && !(setting.mode == Mode::With && setting.with == to)) continue;
      shared = true;
      if (setting.sentence.valid()) edge.sentences.push_back(setting.sentence);
    }
  };
  collect(u, v);
  collect(v, u);
  std::sort(edge.sentences.begin(), edge.sentences.end());
  edge.sentences.erase(std::unique(edge.sentences.begin(), edge.sentences.end()), edge.sentences.end());
  return shared ? std::optional<Influence>(std::move(edge)) : std::nullopt;
}

/// Use of the network by `subject`, to whatever address.
void network(std::vector<Influence>& edges, Making& making, ir::SubjectId subject, Cause cause) {
  const NodeId root =
      making.build.either(making.may(subject, ir::Right::Connect, 0, {}), making.may(subject, ir::Right::Bind, 0, {}));
  add(edges, making, root, cause, ir::Plane::Net, making.world.at(subject).name + " uses the network");
}

void loopback(std::vector<Influence>& edges, const Rules& rules, std::optional<Refusal>& refusal,
              ir::SubjectId subject) {
  Making making{rules};
  const NodeId may = making.may(subject, ir::Right::Connect, 0, {});
  ir::ObjectPatterns addresses;
  addresses.nets = ir::loopback_ranges();
  const NodeId root = making.build.both(may, making.build.member(std::move(addresses)));
  add(edges, making, root, Cause::Loopback, ir::Plane::Net,
      making.world.at(subject).name + " connects to the host's loopback");
  if (!refusal) refusal = making.refusal;
}

void shared_object(std::vector<Influence>& edges, Making& making, GraphNode u, GraphNode v, const Volumes& volumes) {
  std::vector<NodeId> changes;
  std::vector<NodeId> reads;
  for (const ir::Right right : kChanges) changes.push_back(making.may(u.subject, right, 0, volumes));
  for (const ir::Right right : kReads) reads.push_back(making.may(v.subject, right, 1, volumes));
  reads.push_back(making.may_list(v.subject, 1, volumes));
  const NodeId root = making.build.both(making.build.any(changes), making.build.any(reads));
  add(edges, making, root, Cause::SharedObject, ir::Plane::File,
      name(making.world, u) + " changes what " + name(making.world, v) + " reads");
}

/// The subjects that some permit lets connect or bind, by loopback or by the network.
std::vector<ir::SubjectId> connected_subjects(const ir::World& world) {
  const ir::Rights uses = ir::Rights(ir::Right::Connect) | ir::Right::Bind;
  std::vector<bool> named(world.subjects.size(), false);
  bool containers = false;
  for (const ir::Rule& rule : world.rules) {
    if (rule.effect != ir::Effect::Permit || (rule.rights & uses).empty()) continue;
    if (rule.subject)
      named.at(rule.subject->index()) = true;
    else
      containers = true;
  }
  std::vector<ir::SubjectId> subjects;
  for (std::size_t i = 0; i < named.size(); ++i) {
    const ir::SubjectKind kind = world.subjects[i].kind;
    const bool uses_it = named[i] || (containers && kind == ir::SubjectKind::Container);
    if (uses_it && kind != ir::SubjectKind::Profile) subjects.push_back(ir::SubjectId{i});
  }
  return subjects;
}

}  // namespace

std::vector<GraphNode> graph_nodes(const ir::World& world) {
  std::vector<GraphNode> nodes;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind != ir::SubjectKind::Profile) nodes.push_back({ir::SubjectId{i}});
  }
  nodes.push_back({});
  return nodes;
}

InfluenceGraph::InfluenceGraph(const Rules& rules)
    : rules_(rules),
      changes_(volumes_by_subject(rules.world(), any_of(kChanges))),
      reads_(volumes_by_subject(rules.world(), any_of(kReads))),
      namespaces_(rules.world().subjects.size()),
      connected_(connected_subjects(rules.world())) {
  const ir::World& world = rules.world();
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind == ir::SubjectKind::Host) hosts_.push_back(ir::SubjectId{i});
  }
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const ir::Subject& subject = world.subjects[i];
    if (subject.kind == ir::SubjectKind::Profile) continue;
    for (const ir::VolumeId volume : reads_[i]) readers_[volume].push_back(ir::SubjectId{i});
    if (subject.kind != ir::SubjectKind::Container) continue;
    for (const ir::NamespaceSetting& setting : subject.namespaces) {
      std::vector<ir::SubjectId> others;
      if (setting.mode == ir::NamespaceSetting::Mode::Host) others = hosts_;
      if (setting.mode == ir::NamespaceSetting::Mode::With && setting.with.valid()) others = {setting.with};
      for (const ir::SubjectId other : others) {
        namespaces_[i].insert(other);
        namespaces_.at(other.index()).insert(ir::SubjectId{i});
      }
    }
  }
}

std::vector<GraphNode> InfluenceGraph::neighbours(GraphNode u) const {
  std::set<ir::SubjectId> subjects;
  if (u.network()) {
    subjects.insert(connected_.begin(), connected_.end());
  } else {
    for (const ir::VolumeId volume : changes_.at(u.subject.index())) {
      if (const auto found = readers_.find(volume); found != readers_.end())
        subjects.insert(found->second.begin(), found->second.end());
    }
    const std::set<ir::SubjectId>& with = namespaces_.at(u.subject.index());
    subjects.insert(with.begin(), with.end());
    // Over the loopback of a host a container that may connect influences the host, and the host influences it.
    if (rules_.world().at(u.subject).kind == ir::SubjectKind::Host) {
      subjects.insert(connected_.begin(), connected_.end());
    } else if (std::binary_search(connected_.begin(), connected_.end(), u.subject)) {
      subjects.insert(hosts_.begin(), hosts_.end());
    }
    subjects.erase(u.subject);
  }
  std::vector<GraphNode> nodes;
  for (const ir::SubjectId subject : subjects) nodes.push_back({subject});
  if (!u.network() && std::binary_search(connected_.begin(), connected_.end(), u.subject)) nodes.push_back({});
  return nodes;
}

Result<std::vector<Influence>, Refusal> InfluenceGraph::edges(GraphNode u, GraphNode v) const {
  std::vector<Influence> edges;
  if (u == v) return edges;
  const ir::World& world = rules_.world();
  Making making{rules_};
  if (u.network() || v.network()) {
    network(edges, making, u.network() ? v.subject : u.subject,
            u.network() ? Cause::NetworkReceive : Cause::NetworkSend);
    if (making.refusal) return fail(*making.refusal);
    return edges;
  }
  const Volumes shared = intersection(changes_.at(u.subject.index()), reads_.at(v.subject.index()));
  if (!shared.empty()) shared_object(edges, making, u, v, shared);
  if (auto edge = shared_namespace(world, u.subject, v.subject)) edges.push_back(std::move(*edge));
  const bool from_host = world.at(u.subject).kind == ir::SubjectKind::Host;
  const bool to_host = world.at(v.subject).kind == ir::SubjectKind::Host;
  if (from_host != to_host) loopback(edges, rules_, making.refusal, from_host ? v.subject : u.subject);
  if (making.refusal) return fail(*making.refusal);
  return edges;
}

}  // namespace bulkhead::obligation
