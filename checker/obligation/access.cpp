// A(s, r, o, x): some permit matches and no forbid does. The one place where the access relation becomes a formula.
#include <algorithm>
#include <iterator>

#include "checker/obligation/scope.h"
#include "lang/ir/glob.h"

namespace bulkhead::obligation {
namespace {

/// What lies in the folders that the pattern matches, and nothing else but maybe "/".
void add_contents(ir::ObjectPatterns& to, const ir::FilePattern& pattern) {
  to.files.push_back({pattern.volume, pattern.glob + "/*", pattern.prefix});
  // The name of the volume's root ends with the slash that the others lack.
  if (pattern.prefix.empty() && ir::glob_matches(pattern.glob, "/")) to.files.push_back({pattern.volume, "/*", ""});
}

/// A host's own rights, which no sentence gives.
ir::ObjectPatterns implicit_objects(const ir::World& world, ir::SubjectId subject, ir::Right right) {
  return ir::plane_of(right) == ir::Plane::File ? whole(implicit_volumes(world, subject)) : ir::ObjectPatterns();
}

}  // namespace

Volumes implicit_volumes(const ir::World& world, ir::SubjectId subject) {
  Volumes volumes;
  if (world.at(subject).kind != ir::SubjectKind::Host) return volumes;
  volumes.insert(ir::kHost);
  for (std::size_t i = 0; i < world.volumes.size(); ++i) {
    if (!world.volumes[i].host_source.empty()) volumes.insert(ir::VolumeId{i});
  }
  return volumes;
}

Volumes volumes_of(const ir::World& world, const ir::ObjectPatterns& patterns) {
  Volumes volumes;
  for (const ir::FilePattern& pattern : patterns.files) volumes.insert(pattern.volume);
  for (std::size_t i = 0; patterns.everything && i < world.volumes.size(); ++i) volumes.insert(ir::VolumeId{i});
  return volumes;
}

Volumes permitted_volumes(const Rules& rules, ir::SubjectId subject, ir::Right right) {
  const ir::World& world = rules.world();
  Volumes volumes = volumes_of(world, implicit_objects(world, subject, right));
  for (const ir::RuleId id : rules.of(subject)) {
    const ir::Rule& rule = world.at(id);
    if (rule.effect == ir::Effect::Permit && rule.rights.has(right)) volumes.merge(volumes_of(world, rule.objects));
  }
  return volumes;
}

Volumes intersection(const Volumes& a, const Volumes& b) {
  Volumes common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(common, common.end()));
  return common;
}

ir::ObjectPatterns whole(const Volumes& volumes) {
  ir::ObjectPatterns patterns;
  for (const ir::VolumeId volume : volumes) patterns.files.push_back({volume, "/**", ""});
  return patterns;
}

NodeId member(Scope& scope, const ir::ObjectPatterns& patterns) {
  if (scope.object) return Builder::constant(ir::patterns_match(patterns, *scope.object));
  if (ir::plane_of(scope.right) != ir::Plane::File) return scope.build.member(patterns);
  if (patterns.everything) return scope.build.member(whole(scope.volumes));
  ir::ObjectPatterns cut;
  for (const ir::FilePattern& pattern : patterns.files) {
    if (scope.volumes.count(pattern.volume) == 0) continue;
    const auto glob = ir::expand_glob(scope.folder ? pattern.glob + "/*" : pattern.glob);
    if (!glob) {
      scope.refuse("`" + pattern.glob + "`: " + glob.error());
    } else if (scope.folder) {
      add_contents(cut, pattern);
    } else {
      cut.files.push_back(pattern);
    }
  }
  return scope.build.member(std::move(cut));
}

/// What lies in a volume that is kept on the host is an object of the volume, and none of the host's tree.
NodeId in_a_volume(Scope& scope) {
  ir::ObjectPatterns sources;
  for (const ir::Volume& volume : scope.world.volumes) {
    if (volume.host_source.empty()) continue;
    const std::string folder = volume.host_source == "/" ? "" : ir::escape_glob(volume.host_source);
    sources.files.push_back({ir::kHost, folder + "/**", ""});
  }
  return member(scope, sources);
}

NodeId implicit_access(Scope& scope) {
  const NodeId objects = member(scope, implicit_objects(scope.world, scope.subject, scope.right));
  if (objects == Builder::constant(false)) return objects;
  return scope.build.both(objects, scope.build.negate(in_a_volume(scope)));
}

NodeId access(Scope& scope) {
  std::vector<NodeId> permits{implicit_access(scope)};
  std::vector<NodeId> forbids;
  for (const ir::RuleId id : scope.rules.of(scope.subject)) {
    const ir::Rule& rule = scope.world.at(id);
    if (!rule.rights.has(scope.right)) continue;
    const NodeId objects = member(scope, rule.objects);
    if (objects == Builder::constant(false)) continue;
    const Lowered when =
        rule.when ? condition(scope, *rule.when) : Lowered{Builder::constant(true), Builder::constant(false)};
    if (rule.effect == ir::Effect::Permit) {
      permits.push_back(scope.build.both(objects, when.yes));  // an error does not permit
    } else {
      forbids.push_back(scope.build.both(objects, scope.build.negate(when.no)));  // an error forbids
    }
  }
  return scope.build.both(scope.build.any(permits), scope.build.negate(scope.build.any(forbids)));
}

std::optional<Refusal> refuse_module(const ir::World& world) {
  if (!world.dynamic.empty()) {
    return Refusal{"the module has sentences about behaviour over time, which this checker does not decide",
                   world.dynamic.front()};
  }
  return std::nullopt;
}

}  // namespace bulkhead::obligation
