#include "lang/ir/acquire.h"

#include <algorithm>

#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/valid.h"

namespace bulkhead::ir {

bool is_free(const World& world, SubjectId subject) {
  const Subject& who = world.at(subject);
  return !who.trusted || who.follows.empty();
}

bool is_forbidden(const World& world, const Request& request) {
  const Decision decision = decide(world, request);
  return std::any_of(decision.forbids.begin(), decision.forbids.end(),
                     [&](RuleId rule) { return !world.at(rule).of_names; });
}

bool Acquired::was_handed(SubjectId subject, Right right, const Object& object, bool onward) const {
  const bool held = std::any_of(world_.holdings.begin(), world_.holdings.end(), [&](const Holding& holding) {
    return holding.holder == subject && holding.rights.has(right) && (holding.onward || !onward) &&
           patterns_match(holding.objects, object);
  });
  return held || std::any_of(handed_.begin(), handed_.end(), [&](const Handed& one) {
           return one.to == subject && one.right == right && (one.onward || !onward) && one.object == object;
         });
}

bool Acquired::may(const Request& request) const {
  if (decide(world_, request).allowed) return true;
  return was_handed(request.subject, request.right, request.object, false) && !is_forbidden(world_, request);
}

Objection Acquired::hand_over(const Handover& step) {
  if (!step.delegation.valid() || step.delegation.index() >= world_.delegations.size()) return "no such delegation";
  const Delegation& delegation = world_.at(step.delegation);
  const Request own{delegation.from, step.right, step.object, step.own};
  const Request wanted{delegation.to, step.right, step.object, step.wanted};
  if (!is_valid(world_, own) || !is_valid(world_, wanted)) return "there is no such object or context";
  if (!delegation.rights.has(step.right) || !patterns_match(delegation.objects, step.object)) {
    return "the sentence does not speak of this right on this object";
  }
  if (!is_free(world_, delegation.from)) return "nobody can count on what a trusted giver does";
  const bool by_itself = decide(world_, own).allowed;
  const bool handed = was_handed(own.subject, own.right, own.object, true) && !is_forbidden(world_, own);
  if (!by_itself && !handed) return "the giver has no such right to hand over";
  if (is_forbidden(world_, wanted)) return "the receiver is forbidden to have it";
  handed_.push_back({delegation.to, step.right, step.object, delegation.onward});
  return std::nullopt;
}

Objection Acquired::hand_over(const std::vector<Handover>& steps) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (auto objection = hand_over(steps[i])) return "handing over, step " + std::to_string(i + 1) + ": " + *objection;
  }
  return std::nullopt;
}

std::set<SubjectId> ever_may(const World& world, Right right, const Object& object, const Context& context,
                             Actors actors) {
  const auto request = [&](SubjectId subject) { return Request{subject, right, object, context}; };
  std::set<SubjectId> handed;
  std::set<SubjectId> onward;
  for (const Holding& holding : world.holdings) {
    if (!holding.rights.has(right) || !patterns_match(holding.objects, object)) continue;
    if (is_forbidden(world, request(holding.holder))) continue;
    handed.insert(holding.holder);
    if (holding.onward) onward.insert(holding.holder);
  }
  for (bool more = true; more;) {
    more = false;
    for (const Delegation& one : world.delegations) {
      if (!one.rights.has(right) || !patterns_match(one.objects, object)) continue;
      if (actors == Actors::Free && !is_free(world, one.from)) continue;
      if (!decide(world, request(one.from)).allowed && onward.count(one.from) == 0) continue;
      if (is_forbidden(world, request(one.to))) continue;
      more = handed.insert(one.to).second || more;
      if (one.onward) more = onward.insert(one.to).second || more;
    }
  }
  std::set<SubjectId> result = handed;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (decide(world, request(SubjectId{i})).allowed) result.insert(SubjectId{i});
  }
  return result;
}

bool contexts_decide(const World& world, Right right) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (context_decides(world, SubjectId{i}, right)) return true;
  }
  return false;
}

}  // namespace bulkhead::ir
