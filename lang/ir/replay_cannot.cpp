// `s cannot r o`, `s not granted r o`: in a module without dynamic sentences the same question. [semantics 2]
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/replay.h"
#include "lang/ir/valid.h"

namespace bulkhead::ir {

Objection replay_permitted(const World& world, Rights rights, const ClaimObjects& objects, SubjectId subject,
                           const Witness& witness) {
  if (witness.requests.size() != 1) return "one request is needed";
  const Request& request = witness.requests.front();
  if (request.subject != subject || !rights.has(request.right)) return "the request is about something else";
  if (!is_valid(world, request)) return "there is no such object or context";
  if (!patterns_match(objects.patterns, request.object)) return "the object is not one of the claim";
  if (!decide(world, request).allowed) return "the request is denied";
  return std::nullopt;
}

}  // namespace bulkhead::ir
