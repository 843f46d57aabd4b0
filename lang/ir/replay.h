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
enum class FlowCause : std::uint8_t {
  SharedObject,
  SharedNamespace,
  NetworkSend,
  NetworkReceive,
  Loopback,
  Channel,          // the sender speaks
  Backpressure,     // a full channel tells its sender something
  Overheard,        // somebody in the network learns what is said over a channel
  Forged,           // somebody in the network puts something into a channel
  LabelledObject,   // data of a label lies in a file or comes from an address that somebody can read
  LabelledSubject,  // somebody knows data of a label from the start
};
inline constexpr std::size_t kFlowCauses = 11;
std::string_view to_string(FlowCause cause);

/// An edge of the influence graph that somebody claims to exist; no subject stands for the network, or, at the
/// beginning of a path, for the data with at least the label `data`.
struct FlowStep {
  std::optional<SubjectId> from;
  std::optional<SubjectId> to;
  FlowCause cause = FlowCause::SharedObject;
  std::vector<Request> requests;
  ChannelId channel = {};  // of the causes that travel over one
  LabelId data = {};       // of the causes that begin with a label
};

/// One step of an acquisition: the giver of a delegation hands one right on one object over; or, where `revocation` is
/// valid, whoever handed it over in step `source` takes it back.
struct Handover {
  DelegationId delegation;
  Right right = Right::Read;
  Object object;
  Context own;     // in which the giver may use the right itself
  Context wanted;  // in which nothing forbids it to the receiver
  /// The step of the run, by its place, whose capability the giver hands on; none: what it has by itself, or else the
  /// first capability that it may hand on.
  std::optional<std::size_t> source = {};
  RevocationId revocation = {};
  /// Requests by which subjects have, by themselves, what the condition of the sentence asks for.
  std::vector<Request> shown = {};
};

struct Witness {
  std::vector<Request> requests;
  std::vector<FlowStep> path;
  std::vector<Handover> handovers = {};  // what happens before all of that
};

/// What is missing for the witness to show it; nothing: it does show it.
using Objection = std::optional<std::string>;

/// `can` holds: a permitted request on an object of the claim for each right, after what was handed over.
Objection replay_can(const World& world, const Can& claim, SubjectId subject, const Witness& witness);
/// `can every` is violated: an object of the claim and a right that is denied in the context of the request. That no
/// other context allows it is shown by this alone only if `context_decides` says that no context matters.
Objection replay_can_every_violated(const World& world, const Can& claim, SubjectId subject, const Witness& witness);
bool context_decides(const World& world, SubjectId subject, Right right);
/// `not granted` is violated: a permitted request.
Objection replay_permitted(const World& world, Rights rights, const ClaimObjects& objects, SubjectId subject,
                           const Witness& witness);
/// `cannot` is violated: a request that is permitted after what was handed over, of a subject that is free to make it.
Objection replay_cannot(const World& world, const Cannot& claim, SubjectId subject, const Witness& witness);
/// `cannot acquire` is violated: the same, of a subject that needs not make it.
Objection replay_acquires(const World& world, const CannotAcquire& claim, SubjectId subject, const Witness& witness);
/// `confined to` is violated: the same on a file or address outside.
Objection replay_leaves(const World& world, const ConfinedTo& claim, SubjectId subject, const Witness& witness);
/// `attenuates` is violated: the child comes to do in a context what the parent cannot come to do.
Objection replay_exceeds(const World& world, SubjectId child, SubjectId parent, const Witness& witness);
/// `shares no` is violated: one may change and another may use one file; or somebody says that a namespace is shared.
Objection replay_shares(const World& world, const SharesNo& claim, SubjectId subject, const Witness& witness);
/// `refines` is violated: the left side may, the right side may not, the same thing in the same context.
Objection replay_refines_violated(const World& world, SubjectId left, SubjectId right, const Witness& witness);
/// What a path may not use: a channel, all of it or what one subject says over it.
struct ChannelCut {
  ChannelId channel;
  std::optional<SubjectId> sender;
  friend auto operator<=>(const ChannelCut&, const ChannelCut&) = default;
};
/// Where a path begins and ends.
struct FlowEnds {
  std::vector<SubjectId> sources;
  std::optional<LabelId> source_data;  // or at the data with at least this label
  std::vector<SubjectId> targets;
  bool target_network = false;  // or at the network
  std::vector<ChannelCut> cuts;
};
/// `isolated`, `protected`, `no flow` are violated: a path of edges, each of which exists after what was handed over.
Objection replay_flow(const World& world, const FlowEnds& ends, const Witness& witness);
FlowEnds ends_of(const World& world, const Isolated& claim, bool forward, std::optional<SubjectId> variable);
FlowEnds ends_of(const World& world, const Protected& claim, std::optional<SubjectId> variable);
FlowEnds ends_of(const World& world, const NoFlow& claim);
/// The three flows of `keeps A, B, network apart`, in this order.
std::vector<FlowEnds> ends_of(const World& world, const KeepsApart& claim, SubjectId subject);
/// `keeps apart` is violated: three paths, one after the other; one ends where the next does not begin with its end.
Objection replay_meets(const World& world, const KeepsApart& claim, SubjectId subject, const Witness& witness);
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
