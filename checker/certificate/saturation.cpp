#include "checker/certificate/saturation.h"

#include "lang/ir/acquire.h"
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

}  // namespace

ir::Objection check_saturation(const ir::World& world, const obligation::Obligation& obligation,
                               const verdict::Verdict& verdict) {
  if (world.delegations.empty() && world.holdings.empty()) return std::nullopt;
  const auto* holds = std::get_if<verdict::Holds>(&verdict);
  const auto* empty = holds == nullptr ? nullptr : std::get_if<verdict::EmptyEvidence>(&holds->certificate.evidence);
  const auto denied = denied_by(world.at(obligation.claim).form, obligation.instance.variable);
  if (empty == nullptr || !denied) return std::nullopt;
  const std::size_t reading = (world.rules.size() + 1) * (world.subjects.size() + 2 * world.delegations.size());
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
      if (ir::ever_may(world, right, object, {}, ir::Actors::Everybody).count(denied->subject) == 0) continue;
      return "saturation gives " + world.at(denied->subject).name + " the right to " +
             std::string(ir::to_string(right));
    }
  }
  return std::nullopt;
}

}  // namespace bulkhead::certificate
