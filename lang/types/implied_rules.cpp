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
  return rule;
}

void put(Lowering& lowering, ir::SubjectId subject, ir::Rule rule) {
  if (!lowering.spend(1 + rule.objects.files.size(), {})) return;
  rule.subject = subject;
  lowering.world.rules.push_back(std::move(rule));
}

void imply_mounts(Lowering& lowering, ir::SubjectId id) {
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
  for (std::size_t v = 0; v < lowering.world.volumes.size(); ++v) {
    if (lowering.world.volumes[v].kind != ir::VolumeKind::Declared || mounted.count(ir::VolumeId(v)) != 0) continue;
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
  for (std::size_t i = 0; i < lowering.world.subjects.size(); ++i) {
    const ir::SubjectId id(i);
    if (lowering.world.at(id).kind == ir::SubjectKind::Host) continue;
    if (lowering.rootfs[i].valid()) {
      put(lowering, id, forbid(changes(), {{ir::kOwnRoot, "/**", ""}}, lowering.rootfs[i]));
    }
    imply_mounts(lowering, id);
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
