#include "checker/obligation/possession.h"

#include "checker/obligation/scope.h"

namespace bulkhead::obligation {

Result<LabelledQuery, Refusal> possession_query(const Rules& rules, ir::PossessionId id, ir::Actors actors) {
  const ir::World& world = rules.world();
  const ir::Possession& what = world.at(id);
  std::optional<Refusal> refusal;
  Builder build;
  const Volumes volumes =
      intersection(volumes_of(world, what.objects), reachable_volumes(rules, what.holder, what.right));
  Scope scope{rules, build, what.holder, what.right, 0, volumes, std::nullopt, refusal};
  const NodeId root = build.both(member(scope, what.objects), authority(scope, actors));
  if (refusal) return fail(*refusal);
  LabelledQuery query;
  query.label = world.at(what.holder).name + " " + std::string(ir::to_string(what.right)) + " " + what.name;
  query.query = Query{ir::plane_of(what.right), build.finish(root), std::nullopt};
  query.acts.push_back({what.holder, what.right, 0});
  return query;
}

Result<Query, Refusal> handed_query(const Rules& rules, ir::SubjectId subject, ir::Right right,
                                    const ir::Object& object) {
  std::optional<Refusal> refusal;
  Builder build;
  Scope scope{rules, build, subject, right, 0, {}, object, refusal};
  const NodeId root = handed(scope, ir::Actors::Everybody, Solved::WrittenOut, Conditions::Met);
  if (refusal) return fail(*refusal);
  return Query{ir::plane_of(right), build.finish(root), object};
}

Result<Query, Refusal> common_query(const Rules& rules, ir::Right right, const ir::ObjectPatterns& a,
                                    const ir::ObjectPatterns& b) {
  const ir::World& world = rules.world();
  std::optional<Refusal> refusal;
  Builder build;
  const Volumes volumes = intersection(volumes_of(world, a), volumes_of(world, b));
  Scope scope{rules, build, {}, right, 0, volumes, std::nullopt, refusal};
  const NodeId root = build.both(member(scope, a), member(scope, b));
  if (refusal) return fail(*refusal);
  return Query{ir::plane_of(right), build.finish(root), std::nullopt};
}

}  // namespace bulkhead::obligation
