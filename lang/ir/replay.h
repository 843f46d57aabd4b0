// Replay: does this witness show, by the reference semantics alone, that a claim holds or is violated? One file per
// claim form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ir/request.h"
#include "lang/ir/world.h"

namespace bulkhead::ir {

/// Why one subject may influence another directly. [semantics 4]
enum class FlowCause : std::uint8_t { SharedObject, SharedNamespace, NetworkSend, NetworkReceive, Loopback };
std::string_view to_string(FlowCause cause);

/// An edge of the influence graph that somebody claims to exist; no subject stands for the network.
struct FlowStep {
  std::optional<SubjectId> from;
  std::optional<SubjectId> to;
  FlowCause cause = FlowCause::SharedObject;
  std::vector<Request> requests;
};

struct Witness {
  std::vector<Request> requests;
  std::vector<FlowStep> path;
};

/// What is missing for the witness to show it; nothing: it does show it.
using Objection = std::optional<std::string>;

/// `can` holds: a permitted request on an object of the claim for each right.
Objection replay_can(const World& world, const Can& claim, SubjectId subject, const Witness& witness);
/// `can every` is violated: an object of the claim and a right that is denied in the context of the request. That no
/// other context allows it is shown by this alone only if `context_decides` says that no context matters.
Objection replay_can_every_violated(const World& world, const Can& claim, SubjectId subject, const Witness& witness);
bool context_decides(const World& world, SubjectId subject, Right right);
/// `cannot`, `not granted` are violated: a permitted request.
Objection replay_permitted(const World& world, Rights rights, const ClaimObjects& objects, SubjectId subject,
                           const Witness& witness);
/// `refines` is violated: the left side may, the right side may not, the same thing in the same context.
Objection replay_refines_violated(const World& world, SubjectId left, SubjectId right, const Witness& witness);
/// `isolated`, `protected` are violated: a path of edges, each of which exists.
Objection replay_flow(const World& world, const std::vector<SubjectId>& sources, const std::vector<SubjectId>& targets,
                      const Witness& witness);
/// `fits`, `guaranteed`: arithmetic; true or not without any witness.
bool fits(const World& world, const Fits& claim);
bool guaranteed(const World& world, const Guaranteed& claim, SubjectId subject);

/// The resource of a set of quantities.
const std::optional<Quantity>& quantity(const Quantities& quantities, Resource resource);
std::string_view to_string(Resource resource);
inline constexpr Resource kAllResources[] = {Resource::Memory, Resource::Cpu, Resource::Pids, Resource::Io};
/// The one host that a guarantee is about; none where the world has no host or several.
std::optional<SubjectId> only_host(const World& world);

/// The subject that a reference of a claim means in this case.
SubjectId resolve(const SubjectRef& reference, std::optional<SubjectId> variable);
std::vector<SubjectId> resolve(const std::vector<SubjectRef>& references, std::optional<SubjectId> variable);

}  // namespace bulkhead::ir
