// `s can r o`, `s can every r o`.
#include <algorithm>

#include "lang/ir/acquire.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/replay.h"
#include "lang/ir/valid.h"

namespace bulkhead::ir {
namespace {

bool reads_context(const World& world, ExprId condition) {
  for (std::vector<ExprId> open{condition}; !open.empty();) {
    const Expr& expr = world.at(open.back());
    open.pop_back();
    if ((expr.op == Op::Attribute || expr.op == Op::Has) && expr.source == Source::Context) return true;
    if (expr.op == Op::HoldsCapability) return true;
    open.insert(open.end(), expr.args.begin(), expr.args.end());
  }
  return false;
}

}  // namespace

SubjectId resolve(const SubjectRef& reference, std::optional<SubjectId> variable) {
  return reference.bound() ? variable.value_or(SubjectId{}) : reference.fixed;
}

std::vector<SubjectId> resolve(const std::vector<SubjectRef>& references, std::optional<SubjectId> variable) {
  std::vector<SubjectId> subjects;
  for (const SubjectRef& reference : references) subjects.push_back(resolve(reference, variable));
  return subjects;
}

Objection replay_can(const World& world, const Can& claim, SubjectId subject, const Witness& witness) {
  if (!is_free(world, subject)) return "nobody can count on what a trusted subject does";
  Acquired acquired(world);
  if (auto objection = acquired.hand_over(witness.handovers)) return objection;
  for (const Right right : kAllRights) {
    if (!claim.rights.has(right)) continue;
    const bool shown = std::any_of(witness.requests.begin(), witness.requests.end(), [&](const Request& request) {
      return request.subject == subject && request.right == right && is_valid(world, request) &&
             patterns_match(claim.objects.patterns, request.object) && acquired.may(request);
    });
    if (!shown) return "no request shows the right to " + std::string(to_string(right));
  }
  return std::nullopt;
}

Objection replay_can_every_violated(const World& world, const Can& claim, SubjectId subject, const Witness& witness) {
  if (witness.requests.size() != 1) return "one request is needed";
  const Request& request = witness.requests.front();
  if (request.subject != subject || !claim.rights.has(request.right)) return "the request is about something else";
  if (!is_valid(world, request)) return "there is no such object or context";
  if (!patterns_match(claim.objects.patterns, request.object)) return "the object is not one of the claim";
  if (decide(world, request).allowed) return "the request is permitted";
  return std::nullopt;
}

bool context_decides(const World& world, SubjectId subject, Right right) {
  return std::any_of(world.rules.begin(), world.rules.end(), [&](const Rule& rule) {
    return rule.when && rule.rights.has(right) && (!rule.subject || *rule.subject == subject) &&
           reads_context(world, *rule.when);
  });
}

}  // namespace bulkhead::ir
