// `P refines Q`; `P equivalent Q` is both ways; `child attenuates parent` speaks of reachable states.
#include "lang/ir/acquire.h"
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

Objection replay_exceeds(const World& world, SubjectId child, SubjectId parent, const Witness& witness) {
  if (witness.requests.size() != 1) return "one request is needed";
  const Request& request = witness.requests.front();
  if (request.subject != child) return "the request is about something else";
  if (!is_valid(world, request)) return "there is no such object or context";
  Acquired acquired(world);
  if (auto objection = acquired.hand_over(witness.handovers)) return objection;
  if (!is_free(world, child)) return "nobody can count on what a trusted subject does";
  if (!acquired.may(request)) return "the request is denied to the child";
  // Whatever is handed to it, in this context a sentence forbids it.
  const Request parents{parent, request.right, request.object, request.context};
  if (is_valid(world, parents) && is_forbidden(world, parents)) return std::nullopt;
  if (contexts_decide(world, request.right)) return "what the parent may come to do depends on contexts";
  const auto able = ever_may(world, request.right, request.object, request.context, Actors::Everybody);
  return able.count(parent) != 0 ? Objection("the parent can come to do it too") : std::nullopt;
}

}  // namespace bulkhead::ir
