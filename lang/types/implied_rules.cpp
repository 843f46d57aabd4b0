// What sentences say without saying it: read-only roots and mounts, volumes that are not mounted, the host's file tree.
#include <set>

#include "lang/types/lowering.h"

namespace bulkhead::types {
namespace {

ir::Rights changes() {
  return ir::Rights(ir::Right::Write) | ir::Right::Rename | ir::Right::Link;
}

ir::Rule forbid(ir::Rights rights, std::vector<ir::FilePattern> files, ir::SentenceId sentence) {
  ir::Rule rule;
  rule.effect = ir::Effect::Forbid;
  rule.plane = ir::Plane::File;
  rule.rights = rights;
  rule.objects.files = std::move(files);
  rule.sentence = sentence;
  rule.of_names = true;
  return rule;
}

/// The character devices that every sandbox has. Writing to one changes nothing of the root that it stands in, so a
/// read-only root does not forbid it; whether a program may is for the rules, as with any other object.
constexpr const char* kDevices = "/dev/{null,zero,full,random,urandom}";

/// "the object's path is none of the devices'".
ir::ExprId outside_devices(ir::World& world) {
  ir::Expr path;
  path.op = ir::Op::Field;
  path.type.kind = ir::TypeKind::Path;
  path.field = ir::ObjectField::Path;
  world.exprs.push_back(path);
  ir::Expr like;
  like.op = ir::Op::Like;
  like.value = std::string(kDevices);
  like.args = {ir::ExprId(world.exprs.size() - 1)};
  world.exprs.push_back(like);
  ir::Expr outside;
  outside.op = ir::Op::Not;
  outside.args = {ir::ExprId(world.exprs.size() - 1)};
  world.exprs.push_back(outside);
  return ir::ExprId(world.exprs.size() - 1);
}

void put(Lowering& lowering, ir::SubjectId subject, ir::Rule rule) {
  if (!lowering.spend(1 + rule.objects.files.size(), {})) return;
  rule.subject = subject;
  lowering.world.rules.push_back(std::move(rule));
}

using Volumes = std::set<ir::VolumeId>;

/// With more volumes than this, what a container does not mount is listed as far as some permit of it speaks of it.
/// Nothing is permitted in the others, so forbidding them says nothing; it would come to containers times volumes.
constexpr std::size_t kMostVolumesListed = 64;

/// The volumes that permits speak of, by subject and for every container; empty where all volumes are listed.
struct Spoken {
  std::vector<Volumes> of;
  Volumes of_containers;

  explicit Spoken(const ir::World& world) {
    if (world.volumes.size() <= kMostVolumesListed) return;
    of.resize(world.subjects.size());
    for (const ir::Rule& rule : world.rules) {
      if (rule.effect != ir::Effect::Permit || rule.plane != ir::Plane::File) continue;
      Volumes& volumes = rule.subject ? of.at(rule.subject->index()) : of_containers;
      for (const ir::FilePattern& pattern : rule.objects.files) volumes.insert(pattern.volume);
      for (std::size_t v = 0; rule.objects.everything && v < world.volumes.size(); ++v) volumes.insert(ir::VolumeId(v));
    }
  }

  bool lists(ir::SubjectId subject, ir::VolumeId volume) const {
    return of.empty() || of.at(subject.index()).count(volume) != 0 || of_containers.count(volume) != 0;
  }
};

void imply_mounts(Lowering& lowering, ir::SubjectId id, const Spoken& spoken) {
  const ir::Subject& subject = lowering.world.at(id);
  std::set<ir::VolumeId> mounted;
  std::set<ir::VolumeId> writable;
  for (const ir::Mount& mount : subject.mounts) {
    mounted.insert(mount.volume);
    if (!mount.readonly) writable.insert(mount.volume);
  }
  // A volume that is mounted twice can be changed through the mount that is not read-only.
  std::vector<ir::Rule> rules;
  for (const ir::Mount& mount : subject.mounts) {
    if (!writable.insert(mount.volume).second) continue;
    rules.push_back(forbid(changes(), {{mount.volume, "/**", ""}}, mount.sentence));
  }
  std::vector<ir::FilePattern> absent;
  std::string names;
  // A profile mounts for nobody: what its rules say of a volume counts wherever a container that uses it mounts one.
  const bool mounts_all = subject.kind == ir::SubjectKind::Container;
  for (std::size_t v = 0; mounts_all && v < lowering.world.volumes.size(); ++v) {
    if (lowering.world.volumes[v].kind != ir::VolumeKind::Declared || mounted.count(ir::VolumeId(v)) != 0) continue;
    if (!spoken.lists(id, ir::VolumeId(v))) continue;
    absent.push_back({ir::VolumeId(v), "/**", ""});
    names += (names.empty() ? "" : ", ") + lowering.world.volumes[v].name;
  }
  if (!absent.empty()) {
    const ir::SentenceId sentence = lowering.implied(subject.name + " does not mount " + names);
    rules.push_back(forbid(ir::Rights::all_of(ir::Plane::File), std::move(absent), sentence));
  }
  for (ir::Rule& rule : rules) put(lowering, id, std::move(rule));
}

}  // namespace

void imply_rules(Lowering& lowering) {
  const Spoken spoken(lowering.world);
  for (std::size_t i = 0; i < lowering.world.subjects.size(); ++i) {
    const ir::SubjectId id(i);
    const ir::SubjectKind kind = lowering.world.at(id).kind;
    if (kind == ir::SubjectKind::Host || kind == ir::SubjectKind::Plain) continue;
    if (lowering.rootfs[i].valid()) {
      const std::vector<ir::FilePattern> root{{ir::kOwnRoot, "/**", ""}};
      put(lowering, id, forbid(ir::Rights(ir::Right::Rename) | ir::Right::Link, root, lowering.rootfs[i]));
      ir::Rule write = forbid(ir::Right::Write, root, lowering.rootfs[i]);
      write.when = outside_devices(lowering.world);
      put(lowering, id, std::move(write));
    }
    imply_mounts(lowering, id, spoken);
  }
  // Containers meet the host's files only as volumes: the pattern is not carried over to those.
  const ir::SentenceId sentence = lowering.implied("containers see the host's files only through volumes");
  lowering.world.rules.push_back(forbid(ir::Rights::all_of(ir::Plane::File), {{ir::kHost, "/**", ""}}, sentence));
  for (std::size_t i = 0; i < lowering.world.subjects.size(); ++i) {
    if (lowering.world.subjects[i].kind != ir::SubjectKind::Profile) continue;
    put(lowering, ir::SubjectId(i), forbid(ir::Rights::all_of(ir::Plane::File), {{ir::kHost, "/**", ""}}, sentence));
  }
}

}  // namespace bulkhead::types
