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
#include "lang/ir/labelled_net.h"
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

/// Who says something over the channel, and who hears what is said: its ends, one or both.
bool says_over(const Channel& channel, SubjectId who) {
  return has(channel.from, who) || (channel.both_ways && has(channel.to, who));
}
bool hears_over(const Channel& channel, SubjectId who) {
  return has(channel.to, who) || (channel.both_ways && has(channel.from, who));
}

/// A path that an alternative of a glob may match: wildcards stand for one letter or for nothing.
std::string some_path(const std::string& glob) {
  std::string path;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    if (glob.compare(i, 3, "/**") == 0) {
      i += 2;
    } else if (glob[i] == '*' || glob[i] == '?') {
      path += path.empty() || path.back() != 'x' ? "x" : "";
    } else if (glob[i] == '\\' && i + 1 < glob.size()) {
      path += glob[++i];
    } else {
      path += glob[i];
    }
  }
  return path;
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
  bool reads_labelled(const FlowStep& step) const;
  bool receives_labelled(const FlowStep& step, const ObjectPatterns& addresses) const;
  bool holds_labelled(const FileObject& folder, LabelId label) const;

  const World& world_;
  const Acquired& acquired_;
};

/// `object` lies in `folder`, at any depth. The root of a volume is moved by nobody.
bool lies_below(const FileObject& object, const FileObject& folder) {
  return object.volume == folder.volume && folder.path != "/" && object.path.size() > folder.path.size() &&
         object.path[folder.path.size()] == '/' && object.path.compare(0, folder.path.size(), folder.path) == 0;
}

/// What changes a file, not only tells that it is open.
Rights changing(const FlowMap& flow) {
  return flow.into_file & (Rights(Right::Write) | Right::Rename | Right::Link);
}

/// Whoever renames or links a folder moves all that lies in it.
bool moves(Right right) {
  return right == Right::Rename || right == Right::Link;
}

/// One object is changed by the first request and read by the second: their own, or one that lies in the folder that
/// is moved.
bool Edges::shares_object(const FlowStep& step) const {
  if (!step.from || !step.to || step.requests.size() != 2) return false;
  const Request& change = step.requests[0];
  const Request& use = step.requests[1];
  const auto* file = std::get_if<FileObject>(&change.object);
  const auto* seen = std::get_if<FileObject>(&use.object);
  if (file == nullptr || seen == nullptr || file->volume == kOwnRoot) return false;
  const bool below = moves(change.right) && lies_below(*seen, *file);
  const bool above = moves(use.right) && lies_below(*file, *seen);
  // A folder that lies in one that is moved is another one afterwards, and so is what is listed in it.
  const bool emptied = moves(change.right) && *seen == *file && file->path != "/";
  const bool listed =
      (folder_of(*file) == *seen || below || emptied) && permitted(use, *step.to, world_.flow.out_of_folder);
  const bool read = (*seen == *file || below || above) && permitted(use, *step.to, world_.flow.out_of_file);
  return (read || listed) && permitted(change, *step.from, world_.flow.into_file);
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
  if (step.cause == FlowCause::Channel) return world_.flow.channel && over_channel(step, channel, false);
  if (step.cause == FlowCause::Backpressure) {
    return world_.flow.backpressure && channel.bounded && over_channel(step, channel, true);
  }
  if (step.cause == FlowCause::Overheard) {
    return world_.flow.overhearing && !channel.confidential && step.from && !step.to && says_over(channel, *step.from);
  }
  return world_.flow.forging && !channel.intact && !step.from && step.to && hears_over(channel, *step.to);
}

/// Something labelled lies in the folder. Tries what the patterns of labelled sets say, put below the folder piece by
/// piece.
///
/// Soundness: under-approximates: a path shows more than it may. Test: regress, issue_004_moving_a_folder.
bool Edges::holds_labelled(const FileObject& folder, LabelId label) const {
  const auto labelled = [&](const std::string& path) {
    const FileObject object{folder.volume, path};
    return is_valid_path(path) && lies_below(object, folder) && label_of(world_, object).count(label) != 0;
  };
  if (labelled(folder.path + "/x")) return true;
  for (const ObjectSet& set : world_.sets) {
    if (!set.label || set.plane != Plane::File) continue;
    for (const FilePattern& pattern : set.patterns.files) {
      const auto alternatives = expand_glob(pattern.glob);
      for (std::size_t i = 0; alternatives && i < alternatives->size(); ++i) {
        const std::string plain = some_path((*alternatives)[i]);
        if (labelled(plain)) return true;
        for (std::size_t at = plain.find('/'); at != std::string::npos; at = plain.find('/', at + 1)) {
          if (labelled(folder.path + plain.substr(at))) return true;
        }
      }
    }
  }
  return false;
}

/// In a file or on a device.
bool Edges::reads_labelled(const FlowStep& step) const {
  if (step.requests.size() != 1 || !permitted(step.requests[0], *step.to, world_.flow.out_of_file)) return false;
  const auto* file = std::get_if<FileObject>(&step.requests[0].object);
  if (file == nullptr) return false;
  return label_of(world_, *file).count(step.data) != 0 ||
         (moves(step.requests[0].right) && file->path != "/" && holds_labelled(*file, step.data));
}

/// From one of the addresses; who binds hears all hosts, whatever its own address is.
bool Edges::receives_labelled(const FlowStep& step, const ObjectPatterns& addresses) const {
  if (step.requests.size() != 1 || !permitted(step.requests[0], *step.to, world_.flow.out_of_network)) return false;
  return step.requests[0].right == Right::Bind || patterns_match(addresses, step.requests[0].object);
}

/// What is labelled comes to a subject, or to the network as a whole, where remote hosts tell each other.
bool Edges::carries_data(const FlowStep& step) const {
  if (step.from || step.data.index() >= world_.labels.size()) return false;
  const ObjectPatterns addresses = addresses_with(world_, step.data);
  const bool labelled_net = has_address(addresses);
  if (!step.to) return labelled_net && world_.flow.between_hosts && step.cause == FlowCause::LabelledObject;
  const auto label = world_.at(*step.to).label;
  switch (step.cause) {
    case FlowCause::LabelledSubject:
      return label && at_most(world_, step.data, *label) && is_free(world_, *step.to);
    case FlowCause::LabelledObject:
      return reads_labelled(step) || (labelled_net && receives_labelled(step, addresses));
    case FlowCause::Forged:
      return labelled_net && speaks(step);
    case FlowCause::Channel:
    case FlowCause::Backpressure:
      return speaks(step) && comes_from(world_.at(step.channel), addresses);
    case FlowCause::SharedObject:
    case FlowCause::SharedNamespace:
    case FlowCause::NetworkSend:
    case FlowCause::NetworkReceive:
    case FlowCause::Loopback:
    case FlowCause::Overheard:
      return false;
  }
  return false;
}

bool Edges::exists(const FlowStep& step) const {
  if (step.data.valid()) return carries_data(step);
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
      return false;  // it begins with a label
  }
  return false;
}

bool is_node(const World& world, std::optional<SubjectId> subject) {
  return !subject || (subject->valid() && subject->index() < world.subjects.size() &&
                      world.at(*subject).kind != SubjectKind::Profile);
}

/// What is said over the channel, not what others overhear of it or put into it. Where an end is a net, connecting to
/// its addresses is how the other end says what it says over the channel, and hears what it hears: from other
/// addresses, and by waiting to be connected to, it hears as before. A release (`sender`) is of what somebody says, not
/// hears.
bool is_cut(const World& world, const ChannelCut& cut, const FlowStep& step) {
  if (cut.sender && cut.sender != step.from) return false;
  if (step.cause == FlowCause::Channel) return step.channel == cut.channel;
  if (step.cause == FlowCause::Backpressure) return step.channel == cut.channel && !cut.sender;
  const Channel& channel = world.at(cut.channel);
  const bool says = step.cause == FlowCause::NetworkSend && step.from && says_over(channel, *step.from);
  const bool hears = step.cause == FlowCause::NetworkReceive && step.to && hears_over(channel, *step.to);
  return (says || hears) && step.requests.size() == 1 && step.requests[0].right == Right::Connect &&
         patterns_match(channel.nets, step.requests[0].object);
}

bool is_cut(const World& world, const FlowEnds& ends, const FlowStep& step) {
  return std::any_of(ends.cuts.begin(), ends.cuts.end(),
                     [&](const ChannelCut& cut) { return is_cut(world, cut, step); });
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
      return "a labelled object";
    case FlowCause::LabelledSubject:
      return "its own label";
  }
  return "";
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
  const auto* used = std::get_if<FileObject>(&use.object);
  if (file == nullptr || used == nullptr || file->volume == kOwnRoot) return "it is not one shared file";
  const bool moved =
      (moves(change.right) && lies_below(*used, *file)) || (moves(use.right) && lies_below(*file, *used));
  if (*file != *used && !moved) return "it is not one shared file";
  if (change.subject == use.subject || (change.subject != subject && use.subject != subject)) {
    return "the requests are about somebody else";
  }
  Acquired acquired(world);
  if (auto objection = acquired.hand_over(witness.handovers)) return objection;
  const Edges edges(world, acquired);
  const bool shown = edges.permitted(change, change.subject, changing(world.flow)) &&
                     edges.permitted(use, use.subject, world.flow.into_file | world.flow.out_of_file);
  return shown ? Objection() : Objection("one of the requests is denied");
}

}  // namespace bulkhead::ir
