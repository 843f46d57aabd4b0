// The influence graph: every edge that the flow map gives rise to in some reachable state. Handing over only adds, so
// all of them exist together in the state in which everything was handed over. What an edge is, in terms of single
// requests: lang/ir/replay_flow.
#include <algorithm>

#include "checker/obligation/labelled_data.h"
#include "checker/obligation/making.h"
#include "checker/obligation/neighbours.h"
#include "checker/obligation/scope.h"
#include "lang/ir/net_range.h"

namespace bulkhead::obligation {
namespace {

std::string name(const ir::World& world, GraphNode node) {
  return node.network() ? "the network" : world.at(node.subject).name;
}

std::optional<Influence> shared_namespace(const ir::World& world, ir::SubjectId u, ir::SubjectId v) {
  Influence edge;
  edge.cause = Cause::SharedNamespace;
  bool shared = false;
  const auto collect = [&](ir::SubjectId from, ir::SubjectId to) {
    const ir::Subject& subject = world.at(from);
    if (subject.kind != ir::SubjectKind::Container) return;
    for (std::size_t i = 0; i < ir::kNamespaceKinds; ++i) {
      const ir::NamespaceSetting& setting = subject.namespaces.at(i);
      if (!world.flow.namespaces.at(i)) continue;
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

/// Who says something over the channel, and who hears what is said: its ends, one or both.
bool says_over(const ir::Channel& channel, ir::SubjectId who) {
  return std::binary_search(channel.from.begin(), channel.from.end(), who) ||
         (channel.both_ways && std::binary_search(channel.to.begin(), channel.to.end(), who));
}
bool hears_over(const ir::Channel& channel, ir::SubjectId who) {
  return std::binary_search(channel.to.begin(), channel.to.end(), who) ||
         (channel.both_ways && std::binary_search(channel.from.begin(), channel.from.end(), who));
}

/// The way without connecting to the addresses of the channels that are left out. What somebody's release leaves out is
/// what it says, not what it hears.
NodeId but_for_cuts(Making& making, NodeId way, ir::SubjectId subject, bool sends, const View& view) {
  for (const ir::ChannelCut& cut : view.cuts) {
    const ir::Channel& channel = making.world.at(cut.channel);
    const bool left_out = sends ? says_over(channel, subject) && (!cut.sender || *cut.sender == subject)
                                : hears_over(channel, subject) && !cut.sender;
    if (left_out) way = making.build.both(way, making.build.negate(making.build.member(channel.nets)));
  }
  return way;
}

/// Use of the network by `subject`, whatever the address. Where something is left out each right has a question of its
/// own: a witness of the one may be cut for the other.
void network(std::vector<Influence>& edges, Making& making, ir::SubjectId subject, Cause cause, const View& view) {
  const bool sends = cause == Cause::NetworkSend;
  const ir::Rights rights = sends ? making.world.flow.into_network : making.world.flow.out_of_network;
  const std::string label = making.world.at(subject).name + " uses the network";
  if (view.cuts.empty()) return making.add(edges, making.may(subject, rights, 0, {}), cause, ir::Plane::Net, label);
  for (const ir::Right right : rights_of(rights)) {
    Making one{making.rules, making.actors};
    NodeId way = one.may(subject, right, 0, {});
    if (right == ir::Right::Connect) way = but_for_cuts(one, way, subject, sends, view);
    one.add(edges, way, cause, ir::Plane::Net, label);
    if (!making.refusal) making.refusal = one.refusal;
  }
}

void loopback(std::vector<Influence>& edges, Making& making, ir::SubjectId subject, ir::Rights rights) {
  Making own{making.rules, making.actors};
  const NodeId may = own.may(subject, rights, 0, {});
  ir::ObjectPatterns addresses;
  addresses.nets = ir::loopback_ranges();
  const NodeId root = own.build.both(may, own.build.member(std::move(addresses)));
  own.add(edges, root, Cause::Loopback, ir::Plane::Net,
          own.world.at(subject).name + " connects to the host's loopback");
  if (!making.refusal) making.refusal = own.refusal;
}

void shared_object(std::vector<Influence>& edges, Making& making, GraphNode u, GraphNode v, const Volumes& volumes) {
  const ir::FlowMap& flow = making.world.flow;
  const NodeId changes = making.build.either(making.may(u.subject, flow.into_file, 0, volumes),
                                             making.may_move(u.subject, flow.into_file, 0, volumes));
  const NodeId reads =
      making.build.any({making.may(v.subject, flow.out_of_file, 1, volumes), making.may_list(v.subject, 1, volumes),
                        making.may_move(v.subject, flow.out_of_file, 1, volumes)});
  making.add(edges, making.build.both(changes, reads), Cause::SharedObject, ir::Plane::File,
             name(making.world, u) + " changes what " + name(making.world, v) + " reads");
}

}  // namespace

InfluenceGraph::InfluenceGraph(const Rules& rules, View view)
    : rules_(rules),
      view_(std::move(view)),
      changes_(folders_by_subject(rules.world(), rules.world().flow.into_file)),
      reads_(folders_by_subject(rules.world(), rules.world().flow.out_of_file | rules.world().flow.out_of_folder)),
      namespaces_(rules.world().subjects.size()),
      connected_(connected_subjects(rules.world())) {
  const ir::World& world = rules.world();
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind == ir::SubjectKind::Host) hosts_.push_back(ir::SubjectId{i});
  }
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const ir::Subject& subject = world.subjects[i];
    if (subject.kind == ir::SubjectKind::Profile) continue;
    for (const auto& [volume, folders] : reads_[i]) {
      for (const Folder& folder : folders) readers_[volume][folder].push_back(ir::SubjectId{i});
    }
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
  const auto ends = [](const std::vector<ir::SubjectId>& subjects) {
    std::vector<GraphNode> nodes{{}};  // the network: an end, or where it is overheard and forged
    for (const ir::SubjectId subject : subjects) nodes.push_back({subject});
    return nodes;
  };
  for (const ir::Channel& channel : world.channels) {
    for (const GraphNode u : ends(channel.from)) {
      for (const GraphNode v : ends(channel.to)) {
        channels_[u].insert(v);
        channels_[v].insert(u);
        channels_[GraphNode{}].insert({u, v});
        channels_[u].insert(GraphNode{});
        channels_[v].insert(GraphNode{});
      }
    }
  }
}

bool InfluenceGraph::acts(ir::SubjectId subject) const {
  return view_.actors == ir::Actors::Everybody || ir::is_free(rules_.world(), subject);
}

std::vector<GraphNode> InfluenceGraph::neighbours_of_data() const {
  std::vector<GraphNode> nodes = graph_nodes(rules_.world());
  if (!rules_.world().flow.between_hosts) nodes.pop_back();  // nobody reads for the network
  return nodes;
}

void InfluenceGraph::add_readers(std::set<GraphNode>& nodes, ir::SubjectId u) const {
  for (const auto& [volume, folders] : changes_.at(u.index())) {
    const auto readers = readers_.find(volume);
    if (readers == readers_.end()) continue;
    for (const Folder& folder : folders) {
      // Folders stand in order, so those below this one stand behind it.
      for (auto below = readers->second.lower_bound(folder);
           below != readers->second.end() && lies_in(below->first, folder); ++below) {
        for (const ir::SubjectId reader : below->second) nodes.insert({reader});
      }
      for (Folder above = folder; !above.empty();) {
        above.pop_back();
        const auto found = readers->second.find(above);
        if (found == readers->second.end()) continue;
        for (const ir::SubjectId reader : found->second) nodes.insert({reader});
      }
    }
  }
}

std::vector<GraphNode> InfluenceGraph::neighbours(GraphNode u) const {
  if (u.data.valid()) return neighbours_of_data();
  std::set<GraphNode> nodes;
  const auto insert = [&](const auto& subjects) {
    for (const ir::SubjectId subject : subjects) nodes.insert({subject});
  };
  if (u.network()) {
    insert(connected_);
  } else {
    add_readers(nodes, u.subject);
    insert(namespaces_.at(u.subject.index()));
    const bool connected = std::binary_search(connected_.begin(), connected_.end(), u.subject);
    // Over the loopback of a host a container that may connect influences the host, and the host influences it.
    if (rules_.world().at(u.subject).kind == ir::SubjectKind::Host) {
      insert(connected_);
    } else if (connected) {
      insert(hosts_);
    }
    if (connected) nodes.insert(GraphNode{});
  }
  if (const auto found = channels_.find(u); found != channels_.end())
    nodes.insert(found->second.begin(), found->second.end());
  nodes.erase(u);
  return {nodes.begin(), nodes.end()};
}

/// What is said over a channel, and what others hear of it or say over it.
void InfluenceGraph::over_channels(std::vector<Influence>& edges, GraphNode u, GraphNode v) const {
  const ir::World& world = rules_.world();
  if ((u.subject.valid() && !acts(u.subject)) || (v.subject.valid() && !acts(v.subject))) return;
  const auto near = channels_.find(u);
  if (near == channels_.end() || near->second.count(v) == 0) return;  // nobody reads all channels for such a pair
  const auto at = [](const std::vector<ir::SubjectId>& end, GraphNode node) {
    return node.network() ? end.empty() : std::binary_search(end.begin(), end.end(), node.subject);
  };
  for (std::size_t i = 0; i < world.channels.size(); ++i) {
    const ir::Channel& channel = world.channels[i];
    const ir::ChannelId id{i};
    const auto cut = [&](Cause cause) {
      return std::any_of(view_.cuts.begin(), view_.cuts.end(), [&](const ir::ChannelCut& one) {
        return one.channel == id && (!one.sender || (cause == Cause::Channel && *one.sender == u.subject));
      });
    };
    const auto put = [&](bool flows, Cause cause) {
      if (flows) edges.push_back({cause, std::nullopt, {channel.sentence}, id});
    };
    const auto touches = [&](GraphNode node) {
      return node.network() || at(channel.from, node) || at(channel.to, node);
    };
    if (!touches(u) || !touches(v)) continue;
    const bool along = at(channel.from, u) && at(channel.to, v);
    const bool against = at(channel.to, u) && at(channel.from, v);
    const bool sends = u.subject.valid() && says_over(channel, u.subject);
    const bool receives = v.subject.valid() && hears_over(channel, v.subject);
    put(world.flow.channel && (along || (channel.both_ways && against)) && !cut(Cause::Channel), Cause::Channel);
    put(world.flow.backpressure && channel.bounded && (against || (channel.both_ways && along)) &&
            !cut(Cause::Backpressure),
        Cause::Backpressure);
    put(world.flow.overhearing && !channel.confidential && sends && v.network(), Cause::Overheard);
    put(world.flow.forging && !channel.intact && u.network() && receives, Cause::Forged);
  }
}

Result<std::vector<Influence>, Refusal> InfluenceGraph::edges(GraphNode u, GraphNode v) const {
  std::vector<Influence> edges;
  if (u == v || v.data.valid()) return edges;
  const ir::World& world = rules_.world();
  if (u.data.valid() && v.network()) {
    labelled_network(edges, world, u.data);
    return edges;
  }
  if (u.data.valid()) {
    if (!acts(v.subject)) return edges;
    if (auto refusal = labelled_data(edges, rules_, view_.actors, u.data, v.subject)) return fail(*refusal);
    std::vector<Influence> received;
    over_channels(received, GraphNode{}, v);
    keep_labelled(received, world, u.data);
    edges.insert(edges.end(), received.begin(), received.end());
    return edges;
  }
  over_channels(edges, u, v);
  const bool idle = (u.subject.valid() && !acts(u.subject)) || (v.subject.valid() && !acts(v.subject));
  if (idle) return edges;
  Making making{rules_, view_.actors};
  if (u.network() || v.network()) {
    network(edges, making, u.network() ? v.subject : u.subject,
            u.network() ? Cause::NetworkReceive : Cause::NetworkSend, view_);
    if (making.refusal) return fail(*making.refusal);
    return edges;
  }
  const Volumes shared = common_volumes(changes_.at(u.subject.index()), reads_.at(v.subject.index()));
  if (!shared.empty()) {
    making.keep_to(shared);
    shared_object(edges, making, u, v, shared);
  }
  if (auto edge = shared_namespace(world, u.subject, v.subject)) edges.push_back(std::move(*edge));
  const bool from_host = world.at(u.subject).kind == ir::SubjectKind::Host;
  const bool to_host = world.at(v.subject).kind == ir::SubjectKind::Host;
  if (from_host != to_host) {
    loopback(edges, making, from_host ? v.subject : u.subject,
             from_host ? world.flow.out_of_loopback : world.flow.into_loopback);
  }
  if (making.refusal) return fail(*making.refusal);
  return edges;
}

}  // namespace bulkhead::obligation
