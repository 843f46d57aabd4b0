// `P refines Q`; `P equivalent Q` is both ways.
#include "lang/ir/eval.h"
#include "lang/ir/replay.h"
#include "lang/ir/valid.h"

namespace bulkhead::ir {

Objection replay_refines_violated(const World& world, SubjectId left, SubjectId right, const Witness& witness) {
  if (witness.requests.size() != 1) return "one request is needed";
  Request request = witness.requests.front();
  if (request.subject != left) return "the request is about something else";
  if (!is_valid(world, request)) return "there is no such object or context";
  if (!decide(world, request).allowed) return "the request is denied to the left side";
  request.subject = right;
  if (decide(world, request).allowed) return "the request is permitted to the right side too";
  return std::nullopt;
}

}  // namespace bulkhead::ir
