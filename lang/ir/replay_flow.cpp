// `a isolated from b`, `a protected from b`: what an edge of the influence graph is. [semantics 4]
//
// Through the network any two containers that use it may influence each other (remote hosts may work together). A
// connection to a loopback address is mediated and reaches the host.
#include <algorithm>

#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/net_range.h"
#include "lang/ir/replay.h"
#include "lang/ir/valid.h"

namespace bulkhead::ir {
namespace {

bool permitted(const World& world, const Request& request, SubjectId subject, Rights rights) {
  return request.subject == subject && rights.has(request.right) && is_valid(world, request) &&
         decide(world, request).allowed;
}

bool shares_object(const World& world, const FlowStep& step) {
  const Rights changes = Rights(Right::Write) | Right::Rename | Right::Link;
  // What may be renamed or linked can be brought to a name that may be read.
  const Rights reads = Rights(Right::Read) | Right::Execute | Right::Rename | Right::Link;
  if (!step.from || !step.to || step.requests.size() != 2) return false;
  const auto* file = std::get_if<FileObject>(&step.requests[0].object);
  const auto* seen = std::get_if<FileObject>(&step.requests[1].object);
  if (file == nullptr || seen == nullptr || file->volume == kOwnRoot) return false;
  // Names that come and go are seen by whoever lists their folder.
  const bool listed = step.requests[1].right == Right::Read && folder_of(*file) == *seen;
  return (*seen == *file || listed) && permitted(world, step.requests[0], *step.from, changes) &&
         permitted(world, step.requests[1], *step.to, reads);
}

/// A namespace of `a` is that of `b`, because `a` says so.
bool enters(const World& world, SubjectId a, SubjectId b) {
  const Subject& subject = world.at(a);
  if (subject.kind != SubjectKind::Container) return false;
  return std::any_of(subject.namespaces.begin(), subject.namespaces.end(), [&](const NamespaceSetting& setting) {
    if (setting.mode == NamespaceSetting::Mode::Host) return world.at(b).kind == SubjectKind::Host;
    return setting.mode == NamespaceSetting::Mode::With && setting.with == b;
  });
}

bool uses_network(const World& world, const FlowStep& step, SubjectId subject) {
  return step.requests.size() == 1 && permitted(world, step.requests[0], subject, Rights(Right::Connect) | Right::Bind);
}

bool is_loopback(const Object& object) {
  const auto* net = std::get_if<NetObject>(&object);
  return net != nullptr && std::any_of(loopback_ranges().begin(), loopback_ranges().end(),
                                       [&](const NetPattern& range) { return pattern_matches(range, *net); });
}

bool uses_loopback(const World& world, const FlowStep& step) {
  if (!step.from || !step.to || step.requests.size() != 1 || !is_loopback(step.requests[0].object)) return false;
  const bool from_host = world.at(*step.from).kind == SubjectKind::Host;
  const bool to_host = world.at(*step.to).kind == SubjectKind::Host;
  return from_host != to_host && permitted(world, step.requests[0], from_host ? *step.to : *step.from, Right::Connect);
}

bool exists(const World& world, const FlowStep& step) {
  switch (step.cause) {
    case FlowCause::SharedObject:
      return shares_object(world, step);
    case FlowCause::SharedNamespace:
      return step.from && step.to && (enters(world, *step.from, *step.to) || enters(world, *step.to, *step.from));
    case FlowCause::NetworkSend:
      return step.from && !step.to && uses_network(world, step, *step.from);
    case FlowCause::NetworkReceive:
      return !step.from && step.to && uses_network(world, step, *step.to);
    case FlowCause::Loopback:
      return uses_loopback(world, step);
  }
  return false;
}

bool among(const std::vector<SubjectId>& subjects, std::optional<SubjectId> subject) {
  return subject && std::find(subjects.begin(), subjects.end(), *subject) != subjects.end();
}

bool is_node(const World& world, std::optional<SubjectId> subject) {
  return !subject || (subject->valid() && subject->index() < world.subjects.size() &&
                      world.at(*subject).kind != SubjectKind::Profile);
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
  }
  return "";
}

Objection replay_flow(const World& world, const std::vector<SubjectId>& sources, const std::vector<SubjectId>& targets,
                      const Witness& witness) {
  const auto& path = witness.path;
  if (path.empty()) return "the path is empty";
  if (!among(sources, path.front().from)) return "the path does not begin at the source";
  if (!among(targets, path.back().to)) return "the path does not end at the target";
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0 && path[i].from != path[i - 1].to) return "the path is broken at step " + std::to_string(i + 1);
    if (!is_node(world, path[i].from) || !is_node(world, path[i].to) || !exists(world, path[i])) {
      return "step " + std::to_string(i + 1) + " does not exist";
    }
  }
  return std::nullopt;
}

}  // namespace bulkhead::ir
