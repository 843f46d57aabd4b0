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

ir::ObjectPatterns at_the_top(const Volumes& volumes) {
  ir::ObjectPatterns patterns;
  for (const ir::VolumeId volume : volumes) {
    patterns.files.push_back({volume, "/", ""});
    patterns.files.push_back({volume, "/*", ""});
  }
  return patterns;
}

NodeId member(Scope& scope, const ir::ObjectPatterns& patterns) {
  if (scope.object) return Builder::constant(ir::patterns_match(patterns, *scope.object));
  if (ir::plane_of(scope.right) != ir::Plane::File) return scope.build.member(patterns);
  if (patterns.everything) return scope.build.member(whole(scope.volumes));
  ir::ObjectPatterns cut;
  for (const ir::FilePattern& pattern : patterns.files) {
    if (scope.volumes.count(pattern.volume) == 0) continue;
    const auto glob = ir::expand_glob(scope.place == Place::Object ? pattern.glob : pattern.glob + "/*/**");
    if (!glob) {
      scope.refuse("`" + pattern.glob + "`: " + glob.error());
      continue;
    }
    switch (scope.place) {
      case Place::Object:
        cut.files.push_back(pattern);
        break;
      case Place::Parent:
        add_contents(cut, pattern);
        break;
      case Place::Above:
        cut.files.push_back({pattern.volume, pattern.glob + "/*/**", pattern.prefix});
        break;
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
  Scope itself = scope;
  itself.place = Place::Object;
  return member(scope.place == Place::Above ? itself : scope, sources);
}

/// How many segments the paths of a pattern have, below the root of its volume.
struct Depth {
  std::size_t least = 0;
  std::optional<std::size_t> most;  // none: nobody knows
};

Depth depth_of(const ir::FilePattern& pattern) {
  const auto alternatives = ir::expand_glob(pattern.glob);
  if (!alternatives || pattern.glob.find('[') != std::string::npos) return {};  // a class may name a slash
  Depth depth{std::string::npos, 0};
  for (const std::string& glob : *alternatives) {
    std::size_t segments = 0;
    for (std::size_t at = 0; at < glob.size(); ++at) {
      if (glob.compare(at, 2, "**") == 0) depth.most = std::nullopt;
      if (glob.compare(at, 3, "/**") == 0) {
        depth.most = std::nullopt;
        at += 2;
      } else if (glob[at] == '/' && at + 1 < glob.size()) {
        ++segments;
      }
    }
    depth.least = std::min(depth.least, segments);
    if (depth.most) depth.most = std::max(*depth.most, segments);
  }
  const auto above = static_cast<std::size_t>(std::count(pattern.prefix.begin(), pattern.prefix.end(), '/'));
  const auto below = [&](std::size_t segments) { return segments > above ? segments - above : 0; };
  depth.least = below(depth.least);
  if (depth.most) depth.most = below(*depth.most);
  return depth;
}

/// The folders above an object that anybody may move lie at least as deep as this.
std::size_t depth_of_folders(const Scope& scope) {
  std::size_t least = std::string::npos;
  const auto count = [&](const ir::ObjectPatterns& patterns) {
    if (patterns.everything) least = 0;
    for (const ir::FilePattern& pattern : patterns.files) {
      if (scope.volumes.contains(pattern.volume)) least = std::min(least, depth_of(pattern).least);
    }
  };
  if (!implicit_volumes(scope.world, scope.subject).empty()) least = 0;
  for (const ir::RuleId id : scope.rules.of(scope.subject)) {
    const ir::Rule& rule = scope.world.at(id);
    if (rule.effect == ir::Effect::Permit && rule.rights.has(scope.right)) count(rule.objects);
  }
  for (const ir::Holding& one : scope.world.holdings) {
    if (one.rights.has(scope.right)) count(one.objects);
  }
  for (const ir::Delegation& one : scope.world.delegations) {
    if (one.rights.has(scope.right)) count(one.objects);
  }
  return std::max<std::size_t>(least, 1);  // nobody moves the root of a volume
}

/// All folders above the object that anybody may move lie in a pattern: it is a whole folder, and no deeper than they.
///
/// Soundness: under-approximates. Test:
/// flow.TheProverAgreesWithTheNaiveReference.
NodeId all_above(Scope& scope, const ir::ObjectPatterns& patterns) {
  if (patterns.everything) return Builder::constant(true);
  if (!scope.least_depth) scope.least_depth = depth_of_folders(scope);
  const std::size_t folders = *scope.least_depth;
  ir::ObjectPatterns whole_folders;
  for (const ir::FilePattern& pattern : patterns.files) {
    const std::string& glob = pattern.glob;
    if (!scope.volumes.contains(pattern.volume) || !glob.ends_with("/**")) continue;
    ir::FilePattern folder = pattern;
    folder.glob.resize(glob.size() - 3);
    const auto most = folder.glob.empty() ? std::optional<std::size_t>(0) : depth_of(folder).most;
    if (most && *most <= folders) whole_folders.files.push_back(pattern);
  }
  return scope.build.member(std::move(whole_folders));
}

/// The condition reads what the object has by nature.
bool reads_object(const ir::World& world, ir::ExprId root) {
  for (std::vector<ir::ExprId> open{root}; !open.empty();) {
    const ir::Expr& expr = world.at(open.back());
    open.pop_back();
    if (expr.op == ir::Op::Field) return true;
    open.insert(open.end(), expr.args.begin(), expr.args.end());
  }
  return false;
}

NodeId permitting(Scope& scope, const ir::Rule& rule) {
  if (!rule.when) return Builder::constant(true);
  if (scope.place == Place::Above && reads_object(scope.world, *rule.when)) return Builder::constant(true);
  return condition(scope, *rule.when).yes;  // an error does not permit
}

NodeId forbidden_by(Scope& scope, const ir::Rule& rule) {
  const bool above = scope.place == Place::Above;
  const NodeId objects = above ? all_above(scope, rule.objects) : member(scope, rule.objects);
  if (objects == Builder::constant(false) || !rule.when) return objects;
  if (above && reads_object(scope.world, *rule.when)) return Builder::constant(false);
  return scope.build.both(objects, scope.build.negate(condition(scope, *rule.when).no));  // an error forbids
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
    if (rule.effect == ir::Effect::Forbid) {
      forbids.push_back(forbidden_by(scope, rule));
      continue;
    }
    const NodeId objects = member(scope, rule.objects);
    if (objects != Builder::constant(false)) permits.push_back(scope.build.both(objects, permitting(scope, rule)));
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
