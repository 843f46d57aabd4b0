// The reference semantics of delegation: what was handed to whom, one step after the other. Trusted, and slow on
// purpose.
//
// A step hands one right on one object over a channel by one sentence. The giver must have the right itself: by its own
// sentences in some context, or handed to it together with `delegate`. `never` beats delegation: who is forbidden a
// right in every context is handed nothing. What is handed over is a capability, derived from the one that its giver
// handed on, or from none. Taking it back takes everything back that was derived from it; a right survives while
// another live capability carries it. [semantics 2]
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "lang/ir/replay.h"
#include "lang/ir/request.h"
#include "lang/ir/world.h"

namespace bulkhead::ir {

/// Whether this subject may be counted on to act: anybody but a trusted one with a protocol. That one does only what
/// its protocol lets it, which is not decided here: nothing that it might do shows that something can happen, and
/// everything that it might do has to be harmless.
bool is_free(const World& world, SubjectId subject);

/// Some sentence forbids it in this context, whatever was handed over: rules of names (Rule::of_names) do not count.
bool is_forbidden(const World& world, const Request& request);

/// What was handed over so far, and not taken back.
class Acquired {
 public:
  explicit Acquired(const World& world) : world_(world) {}

  /// Takes the step, or says why it cannot be taken and changes nothing. Refuses steps of subjects that are not free.
  /// What a step takes back is named by its place among all steps that were taken.
  Objection hand_over(const Handover& step);
  /// All of them, in order.
  Objection hand_over(const std::vector<Handover>& steps);

  /// A*(s, r, o, x): the access relation, or handed over and not forbidden in this context.
  bool may(const Request& request) const;
  /// The subject holds the right on the object, by a `holds` sentence or a step; `onward`: with `delegate`.
  bool was_handed(SubjectId subject, Right right, const Object& object, bool onward) const;
  /// Something is possessed now: by a live capability, or as one of the requests shows. That it is not is said only
  /// where nothing could give it; none: neither is shown.
  std::optional<bool> possesses(const Possession& what, const std::vector<Request>& shown) const;

 private:
  struct Capability {
    SubjectId by;
    SubjectId to;
    Right right = Right::Read;
    Object object;
    bool onward = false;
    std::optional<std::size_t> from = {};  // the capability that it is derived from, an earlier one
    bool live = false;
  };
  Objection give(const Handover& step);
  Objection take_back(const Handover& step);
  bool is_met(const HoldsCondition& when, const std::vector<Request>& shown) const;
  std::optional<std::size_t> source_of(const Handover& step, const Request& own) const;

  const World& world_;
  std::vector<Capability> steps_;  // one for each step; of those that take back none is live
};

/// Who counts as acting: everybody, or those who are free (is_free).
enum class Actors : std::uint8_t { Everybody, Free };

/// Everybody who may come to exercise the right on the object in `context`, by trying every delegation until nothing is
/// added; rules are read in that one context throughout. For tests, and where no context decides anything.
///
/// Soundness: over-approximates where delegations have conditions, which are taken for true. Test:
/// Conditions.TheFixpointTakesConditionsForTrue.
std::set<SubjectId> ever_may(const World& world, Right right, const Object& object, const Context& context,
                             Actors actors);

/// A condition about the context of requests decides who may come to have this right: one context does not show what
/// others allow.
bool contexts_decide(const World& world, Right right);

}  // namespace bulkhead::ir
