// The reference semantics of delegation: what was handed to whom, one step after the other. Trusted, and slow on
// purpose.
//
// A step hands one right on one object over a channel by one sentence. The giver must have the right itself: by its own
// sentences in some context, or handed to it together with `delegate`. `never` beats delegation: who is forbidden a
// right in every context is handed nothing. Nothing is ever taken away here: `revoke` removes what was handed over, so
// it makes nothing reachable that was not. [semantics 2]
#pragma once

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

/// What was handed over so far.
class Acquired {
 public:
  explicit Acquired(const World& world) : world_(world) {}

  /// Takes the step, or says why it cannot be taken and changes nothing. Refuses steps of subjects that are not free.
  Objection hand_over(const Handover& step);
  /// All of them, in order.
  Objection hand_over(const std::vector<Handover>& steps);

  /// A*(s, r, o, x): the access relation, or handed over and not forbidden in this context.
  bool may(const Request& request) const;
  /// The subject holds the right on the object, by a `holds` sentence or a step; `onward`: with `delegate`.
  bool was_handed(SubjectId subject, Right right, const Object& object, bool onward) const;

 private:
  struct Handed {
    SubjectId to;
    Right right = Right::Read;
    Object object;
    bool onward = false;
  };
  const World& world_;
  std::vector<Handed> handed_;
};

/// Who counts as acting: everybody, or those who are free (is_free).
enum class Actors : std::uint8_t { Everybody, Free };

/// Everybody who may come to exercise the right on the object in `context`, by trying every delegation until nothing is
/// added; conditions are read in that one context throughout. For tests, and where no context decides anything.
std::set<SubjectId> ever_may(const World& world, Right right, const Object& object, const Context& context,
                             Actors actors);

/// A condition about the context of requests decides who may come to have this right: one context does not show what
/// others allow.
bool contexts_decide(const World& world, Right right);

}  // namespace bulkhead::ir
