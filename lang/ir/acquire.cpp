#include "lang/ir/acquire.h"

#include <algorithm>

#include "lang/ir/conditions.h"
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
  return held || std::any_of(steps_.begin(), steps_.end(), [&](const Capability& one) {
           return one.live && one.to == subject && one.right == right && (one.onward || !onward) &&
                  one.object == object;
         });
}

bool Acquired::may(const Request& request) const {
  if (decide(world_, request).allowed) return true;
  return was_handed(request.subject, request.right, request.object, false) && !is_forbidden(world_, request);
}

std::optional<bool> Acquired::possesses(const Possession& what, const std::vector<Request>& shown) const {
  const bool handed = std::any_of(steps_.begin(), steps_.end(), [&](const Capability& one) {
    return one.live && one.to == what.holder && one.right == what.right && patterns_match(what.objects, one.object);
  });
  const bool by_itself = std::any_of(shown.begin(), shown.end(), [&](const Request& request) {
    return request.subject == what.holder && request.right == what.right && is_valid(world_, request) &&
           patterns_match(what.objects, request.object) && may(request);
  });
  if (handed || by_itself) return true;
  if (!may_have_by_itself(world_, what.holder, what.right, what.objects)) return false;
  return std::nullopt;
}

bool Acquired::is_met(const HoldsCondition& when, const std::vector<Request>& shown) const {
  if (when.always()) return true;
  return std::any_of(when.alternatives.begin(), when.alternatives.end(), [&](const auto& alternative) {
    return std::all_of(alternative.begin(), alternative.end(), [&](const HoldsCondition::Literal& one) {
      return possesses(world_.at(one.what), shown) == std::optional<bool>(!one.negated);
    });
  });
}

/// What the step hands on where it is a capability that was handed over; nothing where the giver has it by itself.
std::optional<std::size_t> Acquired::source_of(const Handover& step, const Request& own) const {
  const auto serves = [&](std::size_t i) {
    const Capability& one = steps_[i];
    return one.live && one.onward && one.to == own.subject && one.right == own.right && one.object == own.object;
  };
  if (step.source) return *step.source < steps_.size() && serves(*step.source) ? step.source : std::nullopt;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (serves(i)) return i;
  }
  return std::nullopt;
}

Objection Acquired::give(const Handover& step) {
  if (!step.delegation.valid() || step.delegation.index() >= world_.delegations.size()) return "no such delegation";
  const Delegation& delegation = world_.at(step.delegation);
  const Request own{delegation.from, step.right, step.object, step.own};
  const Request wanted{delegation.to, step.right, step.object, step.wanted};
  if (!is_valid(world_, own) || !is_valid(world_, wanted)) return "there is no such object or context";
  if (!delegation.rights.has(step.right) || !patterns_match(delegation.objects, step.object)) {
    return "the sentence does not speak of this right on this object";
  }
  if (!is_free(world_, delegation.from)) return "nobody can count on what a trusted giver does";
  if (!is_met(delegation.when, step.shown)) return "the condition of the sentence is not shown to be met";
  std::optional<std::size_t> source;
  const bool held = std::any_of(world_.holdings.begin(), world_.holdings.end(), [&](const Holding& one) {
    return one.holder == own.subject && one.rights.has(own.right) && one.onward &&
           patterns_match(one.objects, own.object) && !is_forbidden(world_, own);
  });
  if (step.source || !(held || decide(world_, own).allowed)) {
    source = is_forbidden(world_, own) ? std::nullopt : source_of(step, own);
    if (!source) return "the giver has no such right to hand over";
  }
  if (is_forbidden(world_, wanted)) return "the receiver is forbidden to have it";
  steps_.push_back({delegation.from, delegation.to, step.right, step.object, delegation.onward, source, true});
  return std::nullopt;
}

Objection Acquired::take_back(const Handover& step) {
  if (step.revocation.index() >= world_.revocations.size()) return "no such revocation";
  const Revocation& revocation = world_.at(step.revocation);
  if (!step.source || *step.source >= steps_.size() || !steps_[*step.source].live)
    return "there is nothing to take back";
  const Capability& taken = steps_[*step.source];
  if (taken.by != revocation.by || taken.to != revocation.from) return "it was handed over by or to somebody else";
  if (!revocation.rights.has(taken.right) || !patterns_match(revocation.objects, taken.object)) {
    return "the sentence does not speak of this right on this object";
  }
  if (!is_free(world_, revocation.by)) return "nobody can count on what a trusted subject takes back";
  if (!is_met(revocation.when, step.shown)) return "the condition of the sentence is not shown to be met";
  steps_[*step.source].live = false;
  for (Capability& one : steps_) {  // what is derived from something stands behind it
    if (one.from && !steps_[*one.from].live) one.live = false;
  }
  steps_.emplace_back();
  return std::nullopt;
}

Objection Acquired::hand_over(const Handover& step) {
  return step.revocation.valid() ? take_back(step) : give(step);
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
