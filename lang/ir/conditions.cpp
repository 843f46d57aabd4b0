#include "lang/ir/conditions.h"

#include <algorithm>

#include "lang/ir/overlap.h"

namespace bulkhead::ir {
namespace {

bool is_excluded(const HoldsCondition::Alternative& alternative, const Exclusions& excluded) {
  return std::any_of(alternative.begin(), alternative.end(), [&](const HoldsCondition::Literal& one) {
    return (one.negated ? excluded.always : excluded.never).count(one.what) != 0;
  });
}

/// The alternative without what is always true of it.
HoldsCondition::Alternative open_part(HoldsCondition::Alternative alternative, const Exclusions& excluded) {
  std::erase_if(alternative, [&](const HoldsCondition::Literal& one) {
    return (one.negated ? excluded.never : excluded.always).count(one.what) != 0;
  });
  return alternative;
}

/// Takes the alternatives away that can never be true; what is left without any gives no right any more. One that is
/// always true makes the others needless: the sentence asks for nothing.
template <typename Sentence>
void narrow(Sentence& sentence, const Exclusions& excluded) {
  if (sentence.when.always()) return;
  std::vector<HoldsCondition::Alternative>& alternatives = sentence.when.alternatives;
  std::erase_if(alternatives, [&](const auto& one) { return is_excluded(one, excluded); });
  if (alternatives.empty()) {
    sentence.rights = Rights();
    return;
  }
  for (HoldsCondition::Alternative& one : alternatives) one = open_part(std::move(one), excluded);
  const bool always =
      std::any_of(alternatives.begin(), alternatives.end(), [](const auto& one) { return one.empty(); });
  if (always) alternatives.clear();
}

bool has_condition(const HoldsCondition& when) {
  return !when.always();
}

}  // namespace

bool has_conditions(const World& world) {
  const auto conditional = [](const auto& sentence) { return has_condition(sentence.when); };
  return std::any_of(world.delegations.begin(), world.delegations.end(), conditional) ||
         std::any_of(world.revocations.begin(), world.revocations.end(), conditional);
}

bool is_monotone(const World& world) {
  return std::none_of(world.delegations.begin(), world.delegations.end(), [](const Delegation& one) {
    return std::any_of(one.when.alternatives.begin(), one.when.alternatives.end(), [](const auto& alternative) {
      return std::any_of(alternative.begin(), alternative.end(), [](const auto& literal) { return literal.negated; });
    });
  });
}

World without(const World& world, const Exclusions& excluded) {
  World narrowed = world;
  for (Delegation& one : narrowed.delegations) narrow(one, excluded);
  for (Revocation& one : narrowed.revocations) narrow(one, excluded);
  for (const Use& use : excluded.unused) {
    Rights& rights = narrowed.delegations.at(use.delegation.index()).rights;
    rights = Rights::from_bits(static_cast<std::uint16_t>(rights.bits() & ~Rights(use.right).bits()));
  }
  return narrowed;
}

bool may_have_by_itself(const World& world, SubjectId holder, Right right, const ObjectPatterns& objects) {
  const Plane plane = plane_of(right);
  if (world.at(holder).kind == SubjectKind::Host && plane == Plane::File) return true;  // its own tree
  const bool held = std::any_of(world.holdings.begin(), world.holdings.end(), [&](const Holding& one) {
    return one.holder == holder && one.rights.has(right) && may_overlap(plane, one.objects, objects);
  });
  return held || std::any_of(world.rules.begin(), world.rules.end(), [&](const Rule& rule) {
           const bool about = !rule.subject || *rule.subject == holder;
           return rule.effect == Effect::Permit && about && rule.rights.has(right) &&
                  may_overlap(plane, rule.objects, objects);
         });
}

}  // namespace bulkhead::ir
