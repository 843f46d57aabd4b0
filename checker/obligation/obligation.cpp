// The cases of claims, and what has to be shown for each: goal_of, by claim form.
#include "checker/obligation/obligation.h"

#include <algorithm>

#include "checker/obligation/case.h"

namespace bulkhead::obligation {
namespace {

bool both_ways(const ir::World& world, const ir::Claim& claim) {
  const auto* isolated = std::get_if<ir::Isolated>(&claim.form);
  if (isolated == nullptr) return false;
  const auto is_host = [&](const ir::SubjectRef& reference) {
    return !reference.bound() && world.at(reference.fixed).kind == ir::SubjectKind::Host;
  };
  return isolated->others || !std::all_of(isolated->right.begin(), isolated->right.end(), is_host);
}

}  // namespace

std::vector<Instance> instances(const ir::World& world, ir::ClaimId id) {
  const ir::Claim& claim = world.at(id);
  std::vector<std::optional<ir::SubjectId>> values;
  if (claim.quantifier) {
    values.assign(claim.quantifier->domain.begin(), claim.quantifier->domain.end());
  } else {
    values.emplace_back(std::nullopt);
  }
  std::vector<Instance> cases;
  for (const auto& value : values) {
    cases.push_back({value, Direction::Forward});
    if (both_ways(world, claim)) cases.push_back({value, Direction::Backward});
  }
  return cases;
}

Result<Obligation, Refusal> obligation(const ir::World& world, ir::ClaimId id, const Instance& instance) {
  return obligation(Rules(world), id, instance);
}

Result<Obligation, Refusal> obligation(const Rules& rules, ir::ClaimId id, const Instance& instance,
                                       ir::Actors actors) {
  const ir::World& world = rules.world();
  if (auto refusal = refuse_module(world)) return fail(*refusal);
  Case c{rules, world, world.at(id), instance, actors, std::nullopt, {}};
  c.result.claim = id;
  c.result.instance = instance;
  c.result.goal = std::visit([&](const auto& form) { return goal_of(c, form); }, c.claim.form);
  if (c.refusal) return fail(*c.refusal);
  return std::move(c.result);
}

Result<Query, Refusal> access_query(const ir::World& world, ir::SubjectId subject, ir::Right right) {
  if (auto refusal = refuse_module(world)) return fail(*refusal);
  std::optional<Refusal> refusal;
  Builder build;
  const Rules rules(world);
  Scope scope{rules, build, subject, right, 0, permitted_volumes(rules, subject, right), std::nullopt, refusal};
  const NodeId root = access(scope);
  if (refusal) return fail(*refusal);
  return Query{ir::plane_of(right), build.finish(root), std::nullopt};
}

Result<Query, Refusal> access_query(const ir::World& world, ir::SubjectId subject, ir::Right right,
                                    const ir::Object& object) {
  if (auto refusal = refuse_module(world)) return fail(*refusal);
  std::optional<Refusal> refusal;
  Builder build;
  const Rules rules(world);
  Scope scope{rules, build, subject, right, 0, {}, object, refusal};
  const NodeId root = access(scope);
  if (refusal) return fail(*refusal);
  return Query{ir::plane_of(right), build.finish(root), object};
}

Result<Query, Refusal> unforbidden_query(const Rules& rules, ir::SubjectId subject, ir::Right right,
                                         const ir::Object& object) {
  std::optional<Refusal> refusal;
  Builder build;
  Scope scope{rules, build, subject, right, 0, {}, object, refusal};
  const NodeId root = unforbidden(scope);
  if (refusal) return fail(*refusal);
  return Query{ir::plane_of(right), build.finish(root), object};
}

Result<Query, Refusal> difference_query(const ir::World& world, ir::SubjectId left, std::optional<ir::SubjectId> other,
                                        ir::Right right, std::span<const Known> known) {
  if (auto refusal = refuse_module(world)) return fail(*refusal);
  std::optional<Refusal> refusal;
  Builder build;
  const Rules rules(world);
  const Volumes volumes = reachable_volumes(rules, left, right);
  Scope may{rules, build, left, right, 0, volumes, std::nullopt, refusal};
  NodeId root = authority(may, ir::Actors::Everybody);
  if (other && root != Builder::constant(false)) {
    Scope bound{rules, build, *other, right, 0, volumes, std::nullopt, refusal};
    root =
        build.both(root, build.negate(authority(bound, ir::Actors::Everybody, Solved::WrittenOut, Conditions::Unmet)));
  }
  for (const Known& one : known) {
    const NodeId objects = member(may, one.objects);
    const NodeId when = one.when ? condition(may, *one.when).yes : Builder::constant(true);
    root = build.both(root, build.negate(build.both(objects, when)));
  }
  if (refusal) return fail(*refusal);
  return Query{ir::plane_of(right), build.finish(root), std::nullopt};
}

}  // namespace bulkhead::obligation
