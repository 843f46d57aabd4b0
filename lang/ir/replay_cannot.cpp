// `s cannot r o`, `s not granted r o`, `s cannot acquire r o`, `s confined to o`. [semantics 2]
#include "lang/ir/acquire.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/replay.h"
#include "lang/ir/valid.h"

namespace bulkhead::ir {
namespace {

/// The witness has one request, of this subject and one of these rights, on something that exists.
Objection one_request(const World& world, Rights rights, SubjectId subject, const Witness& witness) {
  if (witness.requests.size() != 1) return "one request is needed";
  const Request& request = witness.requests.front();
  if (request.subject != subject || !rights.has(request.right)) return "the request is about something else";
  if (!is_valid(world, request)) return "there is no such object or context";
  return std::nullopt;
}

Objection permitted_later(const World& world, const Witness& witness) {
  Acquired acquired(world);
  if (auto objection = acquired.hand_over(witness.handovers)) return objection;
  return acquired.may(witness.requests.front()) ? Objection() : Objection("the request is denied");
}

}  // namespace

Objection replay_permitted(const World& world, Rights rights, const ClaimObjects& objects, SubjectId subject,
                           const Witness& witness) {
  if (auto objection = one_request(world, rights, subject, witness)) return objection;
  const Request& request = witness.requests.front();
  if (!patterns_match(objects.patterns, request.object)) return "the object is not one of the claim";
  if (!decide(world, request).allowed) return "the request is denied";
  return std::nullopt;
}

Objection replay_acquires(const World& world, const CannotAcquire& claim, SubjectId subject, const Witness& witness) {
  if (auto objection = one_request(world, claim.rights, subject, witness)) return objection;
  if (!patterns_match(claim.objects.patterns, witness.requests.front().object)) {
    return "the object is not one of the claim";
  }
  return permitted_later(world, witness);
}

Objection replay_cannot(const World& world, const Cannot& claim, SubjectId subject, const Witness& witness) {
  if (!is_free(world, subject)) return "nobody can count on what a trusted subject does";
  return replay_acquires(world, {claim.subject, claim.rights, claim.objects}, subject, witness);
}

Objection replay_leaves(const World& world, const ConfinedTo& claim, SubjectId subject, const Witness& witness) {
  const Rights all = Rights::all_of(Plane::File) | Rights::all_of(Plane::Net);
  if (auto objection = one_request(world, all, subject, witness)) return objection;
  const Request& request = witness.requests.front();
  const ClaimObjects& inside = plane_of(request.right) == Plane::File ? claim.files : claim.nets;
  if (patterns_match(inside.patterns, request.object)) return "the object is one that it may have";
  return permitted_later(world, witness);
}

}  // namespace bulkhead::ir
