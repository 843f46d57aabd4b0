// `a isolated from b`, `a protected from b`, `no flow`: what an edge of the influence graph is. [semantics 4]
//
// Which right or channel moves information, and which way, stands in the flow map of the world (models/flow.bh).
// Through the network any two containers that use it may influence each other (remote hosts may work together). A
// connection to a loopback address is mediated and reaches the host.
#include <algorithm>

#include "lang/base/check.h"
#include "lang/ir/acquire.h"
#include "lang/ir/glob.h"
#include "lang/ir/label.h"
#include "lang/ir/net_range.h"
#include "lang/ir/replay.h"
#include "lang/ir/valid.h"

namespace bulkhead::ir {
namespace {

bool is_loopback(const Object& object) {
  const auto* net = std::get_if<NetObject>(&object);
  return net != nullptr && std::any_of(loopback_ranges().begin(), loopback_ranges().end(),
                                       [&](const NetPattern& range) { return pattern_matches(range, *net); });
}

bool has(const std::vector<SubjectId>& subjects, SubjectId subject) {
  return std::find(subjects.begin(), subjects.end(), subject) != subjects.end();
}

/// One witness while its edges are judged, in the state in which everything was handed over.
class Edges {
 public:
  Edges(const World& world, const Acquired& acquired) : world_(world), acquired_(acquired) {}

  bool exists(const FlowStep& step) const;
  bool permitted(const Request& request, SubjectId subject, Rights rights) const {
    return request.subject == subject && is_free(world_, subject) && rights.has(request.right) &&
           is_valid(world_, request) && acquired_.may(request);
  }

 private:
  bool shares_object(const FlowStep& step) const;
  bool enters(SubjectId a, SubjectId b) const;
  bool uses_network(const FlowStep& step, SubjectId subject, Rights rights) const {
    return step.requests.size() == 1 && permitted(step.requests[0], subject, rights);
  }
  bool uses_loopback(const FlowStep& step) const;
  bool speaks(const FlowStep& step) const;
  bool over_channel(const FlowStep& step, const Channel& channel, bool back) const;
  bool carries_data(const FlowStep& step) const;

  const World& world_;
  const Acquired& acquired_;
};

bool Edges::shares_object(const FlowStep& step) const {
  if (!step.from || !step.to || step.requests.size() != 2) return false;
  const auto* file = std::get_if<FileObject>(&step.requests[0].object);
  const auto* seen = std::get_if<FileObject>(&step.requests[1].object);
  if (file == nullptr || seen == nullptr || file->volume == kOwnRoot) return false;
  const bool listed = folder_of(*file) == *seen && permitted(step.requests[1], *step.to, world_.flow.out_of_folder);
  const bool read = *seen == *file && permitted(step.requests[1], *step.to, world_.flow.out_of_file);
  return (read || listed) && permitted(step.requests[0], *step.from, world_.flow.into_file);
}

/// A namespace of `a` through which something flows is that of `b`, because `a` says so.
bool Edges::enters(SubjectId a, SubjectId b) const {
  const Subject& subject = world_.at(a);
  if (subject.kind != SubjectKind::Container) return false;
  for (std::size_t i = 0; i < kNamespaceKinds; ++i) {
    const NamespaceSetting& setting = subject.namespaces.at(i);
    if (!world_.flow.namespaces.at(i)) continue;
    if (setting.mode == NamespaceSetting::Mode::Host && world_.at(b).kind == SubjectKind::Host) return true;
    if (setting.mode == NamespaceSetting::Mode::With && setting.with == b) return true;
  }
  return false;
}

bool Edges::uses_loopback(const FlowStep& step) const {
  if (!step.from || !step.to || step.requests.size() != 1 || !is_loopback(step.requests[0].object)) return false;
  const bool from_host = world_.at(*step.from).kind == SubjectKind::Host;
  const bool to_host = world_.at(*step.to).kind == SubjectKind::Host;
  if (from_host == to_host) return false;
  return from_host ? permitted(step.requests[0], *step.to, world_.flow.out_of_loopback)
                   : permitted(step.requests[0], *step.from, world_.flow.into_loopback);
}

/// From one end of the channel to the other; `back`: against its direction.
bool Edges::over_channel(const FlowStep& step, const Channel& channel, bool back) const {
  const auto at = [&](const std::vector<SubjectId>& end, std::optional<SubjectId> node) {
    return node ? has(end, *node) : end.empty();
  };
  if (step.from == step.to) return false;
  const bool along = at(channel.from, step.from) && at(channel.to, step.to);
  const bool against = at(channel.to, step.from) && at(channel.from, step.to);
  return (back ? against : along) || (channel.both_ways && (back ? along : against));
}

bool Edges::speaks(const FlowStep& step) const {
  if (!step.channel.valid() || step.channel.index() >= world_.channels.size()) return false;
  const Channel& channel = world_.at(step.channel);
  if ((step.from && !is_free(world_, *step.from)) || (step.to && !is_free(world_, *step.to))) return false;
  const auto sends = [&](SubjectId who) {
    return has(channel.from, who) || (channel.both_ways && has(channel.to, who));
  };
  const auto receives = [&](SubjectId who) {
    return has(channel.to, who) || (channel.both_ways && has(channel.from, who));
  };
  if (step.cause == FlowCause::Channel) return world_.flow.channel && over_channel(step, channel, false);
  if (step.cause == FlowCause::Backpressure) {
    return world_.flow.backpressure && channel.bounded && over_channel(step, channel, true);
  }
  if (step.cause == FlowCause::Overheard) {
    return world_.flow.overhearing && !channel.confidential && step.from && !step.to && sends(*step.from);
  }
  return world_.flow.forging && !channel.intact && !step.from && step.to && receives(*step.to);
}

bool Edges::carries_data(const FlowStep& step) const {
  if (step.from || !step.to || !step.data.valid() || step.data.index() >= world_.labels.size()) return false;
  if (step.cause == FlowCause::LabelledSubject) {
    const auto label = world_.at(*step.to).label;
    return label && at_most(world_, step.data, *label) && is_free(world_, *step.to);
  }
  if (step.requests.size() != 1 || !permitted(step.requests[0], *step.to, world_.flow.out_of_file)) return false;
  const auto* file = std::get_if<FileObject>(&step.requests[0].object);
  return file != nullptr && label_of(world_, *file).count(step.data) != 0;
}

bool Edges::exists(const FlowStep& step) const {
  const Rights sends = world_.flow.into_network;
  const Rights receives = world_.flow.out_of_network;
  switch (step.cause) {
    case FlowCause::SharedObject:
      return shares_object(step);
    case FlowCause::SharedNamespace:
      return step.from && step.to && is_free(world_, *step.from) && is_free(world_, *step.to) &&
             (enters(*step.from, *step.to) || enters(*step.to, *step.from));
    case FlowCause::NetworkSend:
      return step.from && !step.to && uses_network(step, *step.from, sends);
    case FlowCause::NetworkReceive:
      return !step.from && step.to && uses_network(step, *step.to, receives);
    case FlowCause::Loopback:
      return uses_loopback(step);
    case FlowCause::Channel:
    case FlowCause::Backpressure:
    case FlowCause::Overheard:
    case FlowCause::Forged:
      return speaks(step);
    case FlowCause::LabelledObject:
    case FlowCause::LabelledSubject:
      return carries_data(step);
  }
  return false;
}

bool is_node(const World& world, std::optional<SubjectId> subject) {
  return !subject || (subject->valid() && subject->index() < world.subjects.size() &&
                      world.at(*subject).kind != SubjectKind::Profile);
}

/// What is said over the channel, not what others overhear of it or put into it. A channel to a net is spoken over by
/// connecting to that net.
bool is_cut(const World& world, const ChannelCut& cut, const FlowStep& step) {
  if (cut.sender && cut.sender != step.from) return false;
  if (step.cause == FlowCause::Channel) return step.channel == cut.channel;
  if (step.cause == FlowCause::Backpressure) return step.channel == cut.channel && !cut.sender;
  if (step.cause != FlowCause::NetworkSend || step.requests.size() != 1 || !step.from) return false;
  const Channel& channel = world.at(cut.channel);
  const Request& request = step.requests[0];
  return has(channel.from, *step.from) && request.right == Right::Connect &&
         patterns_match(channel.nets, request.object);
}

bool is_cut(const World& world, const FlowEnds& ends, const FlowStep& step) {
  return std::any_of(ends.cuts.begin(), ends.cuts.end(),
                     [&](const ChannelCut& cut) { return is_cut(world, cut, step); });
}

std::vector<SubjectId> others(const World& world, const std::vector<SubjectId>& than) {
  std::vector<SubjectId> all;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind == SubjectKind::Container && !has(than, SubjectId{i})) all.push_back(SubjectId{i});
  }
  return all;
}

}  // namespace

std::string_view to_string(FlowCause cause) {
  switch (cause) {
    case FlowCause::SharedObject:
      return "a shared object";
    case FlowCause::SharedNamespace:
      return "a shared namespace";
    case FlowCause::NetworkSend:
      return "sending to the network";
    case FlowCause::NetworkReceive:
      return "receiving from the network";
    case FlowCause::Loopback:
      return "a connection to the host's loopback";
    case FlowCause::Channel:
      return "a channel";
    case FlowCause::Backpressure:
      return "filling or draining a channel";
    case FlowCause::Overheard:
      return "a channel that others can listen to";
    case FlowCause::Forged:
      return "a channel that others can speak on";
    case FlowCause::LabelledObject:
      return "a labelled file";
    case FlowCause::LabelledSubject:
      return "its own label";
  }
  return "";
}

FlowEnds ends_of(const World& world, const Isolated& claim, bool forward, std::optional<SubjectId> variable) {
  FlowEnds ends;
  std::vector<SubjectId> left = resolve(claim.left, variable);
  std::vector<SubjectId> right = claim.others ? others(world, left) : resolve(claim.right, variable);
  ends.sources = forward ? left : right;
  ends.targets = forward ? right : left;
  for (const ChannelId channel : claim.except) ends.cuts.push_back({channel, std::nullopt});
  return ends;
}

FlowEnds ends_of(const World&, const Protected& claim, std::optional<SubjectId> variable) {
  FlowEnds ends;
  ends.sources = resolve(claim.right, variable);
  ends.targets = resolve(claim.left, variable);
  return ends;
}

namespace {

/// Whether everything in the world that is labelled `label` or above is labelled `bound` or below.
bool all_below(const World& world, LabelId label, LabelId bound) {
  const auto within = [&](std::optional<LabelId> one) {
    return !one || !at_most(world, label, *one) || at_most(world, *one, bound);
  };
  return std::all_of(world.sets.begin(), world.sets.end(), [&](const ObjectSet& set) { return within(set.label); }) &&
         std::all_of(world.subjects.begin(), world.subjects.end(),
                     [&](const Subject& one) { return within(one.label); });
}

}  // namespace

FlowEnds ends_of(const World& world, const NoFlow& claim) {
  FlowEnds ends;
  ends.source_data = claim.from;
  ends.target_network = true;  // nobody cleared it for anything
  for (std::size_t i = 0; claim.to && i < world.subjects.size(); ++i) {
    const Subject& subject = world.subjects[i];
    if (subject.kind == SubjectKind::Profile) continue;
    if (!subject.clearance || at_most(world, *subject.clearance, *claim.to)) ends.targets.push_back(SubjectId{i});
  }
  // What is released counts as released only where the sentence is about all that the claim is about, and releases it
  // to what the claim speaks of, or below.
  for (const Declassification& one : world.declassifications) {
    const bool covers = all_below(world, claim.from, one.from) && (!claim.to || at_most(world, one.to, *claim.to));
    if (has(claim.except, one.by) && covers) ends.cuts.push_back({one.through, one.by});
  }
  return ends;
}

std::vector<FlowEnds> ends_of(const World&, const KeepsApart& claim, SubjectId subject) {
  std::vector<FlowEnds> flows(3);
  flows[0].source_data = claim.first;
  flows[1].source_data = claim.second;
  flows[0].targets = flows[1].targets = flows[2].sources = {subject};
  flows[2].target_network = true;
  return flows;
}

Objection replay_flow(const World& world, const FlowEnds& ends, const Witness& witness) {
  const auto& path = witness.path;
  if (path.empty()) return "the path is empty";
  const FlowStep& first = path.front();
  const bool begins = first.from ? has(ends.sources, *first.from) : ends.source_data && ends.source_data == first.data;
  if (!begins) return "the path does not begin at the source";
  const bool ends_well = path.back().to ? has(ends.targets, *path.back().to) : ends.target_network;
  if (!ends_well) return "the path does not end at the target";
  Acquired acquired(world);
  if (auto objection = acquired.hand_over(witness.handovers)) return objection;
  const Edges edges(world, acquired);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool joined = i == 0 || (path[i].from == path[i - 1].to && !path[i].data.valid());
    if (!joined) return "the path is broken at step " + std::to_string(i + 1);
    if (!is_node(world, path[i].from) || !is_node(world, path[i].to) || is_cut(world, ends, path[i]) ||
        !edges.exists(path[i])) {
      return "step " + std::to_string(i + 1) + " does not exist";
    }
  }
  return std::nullopt;
}

Objection replay_meets(const World& world, const KeepsApart& claim, SubjectId subject, const Witness& witness) {
  std::size_t at = 0;
  for (const FlowEnds& ends : ends_of(world, claim, subject)) {
    Witness part{{}, {}, witness.handovers};
    for (; at < witness.path.size(); ++at) {
      const bool next = !part.path.empty() && (witness.path[at].data.valid() ||
                                               (part.path.back().to == subject && ends.source_data.has_value()));
      if (next) break;
      part.path.push_back(witness.path[at]);
    }
    if (auto objection = replay_flow(world, ends, part)) return objection;
  }
  return std::nullopt;
}

Objection replay_shares(const World& world, const SharesNo& claim, SubjectId subject, const Witness& witness) {
  if (claim.what == SharesNo::What::Namespace) {
    for (std::size_t i = 0; i < world.subjects.size(); ++i) {
      const Subject& one = world.subjects[i];
      if (one.kind != SubjectKind::Container) continue;
      for (const NamespaceSetting& setting : one.namespaces) {
        if (SubjectId{i} == subject && setting.mode != NamespaceSetting::Mode::Private) return std::nullopt;
        if (setting.mode == NamespaceSetting::Mode::With && setting.with == subject) return std::nullopt;
      }
    }
    return "it shares none";
  }
  if (witness.requests.size() != 2) return "two requests are needed";
  const Request& change = witness.requests[0];
  const Request& use = witness.requests[1];
  const auto* file = std::get_if<FileObject>(&change.object);
  if (file == nullptr || file->volume == kOwnRoot || change.object != use.object) return "it is not one shared file";
  if (change.subject == use.subject || (change.subject != subject && use.subject != subject)) {
    return "the requests are about somebody else";
  }
  Acquired acquired(world);
  if (auto objection = acquired.hand_over(witness.handovers)) return objection;
  const Edges edges(world, acquired);
  const bool shown = edges.permitted(change, change.subject, world.flow.into_file) &&
                     edges.permitted(use, use.subject, world.flow.into_file | world.flow.out_of_file);
  return shown ? Objection() : Objection("one of the requests is denied");
}

}  // namespace bulkhead::ir
