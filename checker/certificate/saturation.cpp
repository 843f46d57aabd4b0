#include "checker/certificate/saturation.h"

#include "lang/ir/acquire.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/valid.h"

namespace bulkhead::certificate {
namespace {

/// What a claim says of one subject, right and object: that it is never had.
struct Denied {
  ir::SubjectId subject;
  ir::Rights rights;
  const ir::ObjectPatterns* objects = nullptr;
  bool outside = false;  // about everything that is not among the objects

  bool speaks_of(const ir::Object& object) const { return ir::patterns_match(*objects, object) != outside; }
};

std::optional<Denied> denied_by(const ir::ClaimForm& form, std::optional<ir::SubjectId> variable) {
  if (const auto* claim = std::get_if<ir::CannotAcquire>(&form))
    return Denied{ir::resolve(claim->subject, variable), claim->rights, &claim->objects.patterns};
  if (const auto* claim = std::get_if<ir::Cannot>(&form))
    return Denied{ir::resolve(claim->subject, variable), claim->rights, &claim->objects.patterns};
  if (const auto* claim = std::get_if<ir::ConfinedTo>(&form))
    return Denied{ir::resolve(claim->subject, variable), ir::Rights::all_of(ir::Plane::File), &claim->files.patterns,
                  true};
  return std::nullopt;
}

/// One path of each class: those that the table names, and the root of each volume.
std::vector<ir::Object> members(const ir::World& world, const verdict::AtomTable& atoms) {
  std::vector<ir::Object> objects;
  for (const verdict::VolumeCover& cover : atoms.covers) {
    objects.emplace_back(ir::FileObject{cover.volume, "/"});
    for (const std::string& word : cover.words) {
      const ir::Object object = ir::FileObject{cover.volume, word};
      if (ir::is_valid(world, object)) objects.push_back(object);
    }
  }
  return objects;
}

/// Who may by its own sentences, and who is forbidden to be handed it, about one right on one object.
struct Standing {
  std::vector<bool> permitted, forbidden, barred;  // barred: by rules of names too

  Standing(const ir::World& world, ir::Right right, const ir::Object& object)
      : permitted(world.subjects.size()), forbidden(world.subjects.size()), barred(world.subjects.size()) {
    for (std::size_t i = 0; i < permitted.size(); ++i) permitted[i] = ir::is_implicit(world, ir::SubjectId{i}, object);
    for (const ir::Rule& rule : world.rules) {
      if (!rule.rights.has(right) || !ir::patterns_match(rule.objects, object)) continue;
      const std::size_t first = rule.subject ? rule.subject->index() : 0;
      const std::size_t end = rule.subject ? first + 1 : permitted.size();
      for (std::size_t i = first; i < end; ++i) {
        if (ir::matches(world, rule, {ir::SubjectId{i}, right, object, {}})) note(rule, i);
      }
    }
  }
  bool may(std::size_t subject) const { return permitted[subject] && !barred[subject]; }

 private:
  void note(const ir::Rule& rule, std::size_t subject) {
    if (rule.effect == ir::Effect::Permit) {
      permitted[subject] = true;
    } else {
      barred[subject] = true;
      if (!rule.of_names) forbidden[subject] = true;
    }
  }
};

}  // namespace

std::vector<bool> saturated(const ir::World& world, ir::Right right, const ir::Object& object) {
  const Standing standing(world, right, object);
  const std::size_t subjects = world.subjects.size();
  std::vector<std::vector<const ir::Delegation*>> given(subjects);  // by giver
  for (const ir::Delegation& one : world.delegations) {
    const bool speaks = one.rights.has(right) && !standing.forbidden[one.to.index()];
    if (speaks && ir::patterns_match(one.objects, object)) given[one.from.index()].push_back(&one);
  }
  std::vector<bool> has(subjects, false), gives(subjects, false);
  std::vector<std::size_t> open;
  const auto let_give = [&](std::size_t subject) {
    if (!gives[subject]) open.push_back(subject);
    gives[subject] = true;
  };
  for (std::size_t i = 0; i < subjects; ++i) {
    has[i] = standing.may(i);
    if (has[i]) let_give(i);
  }
  for (const ir::Holding& one : world.holdings) {
    const std::size_t holder = one.holder.index();
    const bool held = one.rights.has(right) && !standing.forbidden[holder] && ir::patterns_match(one.objects, object);
    if (!held) continue;
    has[holder] = true;
    if (one.onward) let_give(holder);
  }
  while (!open.empty()) {
    const std::size_t giver = open.back();
    open.pop_back();
    for (const ir::Delegation* one : given[giver]) {
      has[one->to.index()] = true;
      if (one->onward) let_give(one->to.index());
    }
  }
  return has;
}

ir::Objection check_saturation(const ir::World& world, const obligation::Obligation& obligation,
                               const verdict::Verdict& verdict) {
  if (world.delegations.empty() && world.holdings.empty()) return std::nullopt;
  const auto* holds = std::get_if<verdict::Holds>(&verdict);
  const auto* empty = holds == nullptr ? nullptr : std::get_if<verdict::EmptyEvidence>(&holds->certificate.evidence);
  const auto denied = denied_by(world.at(obligation.claim).form, obligation.instance.variable);
  if (empty == nullptr || !denied) return std::nullopt;
  const std::size_t reading =
      world.rules.size() + world.subjects.size() + world.delegations.size() + world.holdings.size();
  std::size_t left = kMostSaturation;
  std::size_t query = 0;
  for (const ir::Right right : ir::kAllRights) {
    if (!denied->rights.has(right) || query >= empty->queries.size()) continue;
    const verdict::AtomTable& atoms = empty->queries[query++].atoms;
    if (ir::contexts_decide(world, right)) continue;
    for (const ir::Object& object : members(world, atoms)) {
      if (!denied->speaks_of(object)) continue;
      if (reading > left) return std::nullopt;
      left -= reading;
      if (!saturated(world, right, object).at(denied->subject.index())) continue;
      return "saturation gives " + world.at(denied->subject).name + " the right to " +
             std::string(ir::to_string(right));
    }
  }
  return std::nullopt;
}

}  // namespace bulkhead::certificate
