#include "checker/obligation/neighbours.h"

#include "checker/obligation/obligation.h"
#include "checker/obligation/scope.h"

namespace bulkhead::obligation {

std::vector<GraphNode> graph_nodes(const ir::World& world) {
  std::vector<GraphNode> nodes;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind != ir::SubjectKind::Profile) nodes.push_back({ir::SubjectId{i}});
  }
  nodes.push_back({});
  return nodes;
}

std::vector<Folders> folders_by_subject(const ir::World& world, ir::Rights rights) {
  std::vector<Folders> folders(world.subjects.size());
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    for (const ir::VolumeId volume : implicit_volumes(world, ir::SubjectId{i})) folders[i][volume].insert(Folder{});
  }
  Folders of_containers;
  for (const ir::Rule& rule : world.rules) {
    if (rule.effect != ir::Effect::Permit || (rule.rights & rights).empty()) continue;
    add_folders(rule.subject ? folders.at(rule.subject->index()) : of_containers, world, rule.objects);
  }
  for (const ir::Holding& one : world.holdings) {
    if (!(one.rights & rights).empty()) add_folders(folders.at(one.holder.index()), world, one.objects);
  }
  for (const ir::Delegation& one : world.delegations) {
    if (!(one.rights & rights).empty()) add_folders(folders.at(one.to.index()), world, one.objects);
  }
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind == ir::SubjectKind::Container) {
      for (const auto& [volume, some] : of_containers) folders[i][volume].insert(some.begin(), some.end());
    }
    folders[i].erase(ir::kOwnRoot);  // no two containers share an object of their roots
  }
  return folders;
}

std::vector<ir::SubjectId> connected_subjects(const ir::World& world) {
  const ir::Rights uses = ir::Rights(ir::Right::Connect) | ir::Right::Bind;  // more than any flow map speaks of
  std::vector<bool> named(world.subjects.size(), false);
  bool containers = false;
  for (const ir::Rule& rule : world.rules) {
    if (rule.effect != ir::Effect::Permit || (rule.rights & uses).empty()) continue;
    if (rule.subject)
      named.at(rule.subject->index()) = true;
    else
      containers = true;
  }
  for (const ir::Holding& one : world.holdings) {
    if (!(one.rights & uses).empty()) named.at(one.holder.index()) = true;
  }
  for (const ir::Delegation& one : world.delegations) {
    if (!(one.rights & uses).empty()) named.at(one.to.index()) = true;
  }
  std::vector<ir::SubjectId> subjects;
  for (std::size_t i = 0; i < named.size(); ++i) {
    const ir::SubjectKind kind = world.subjects[i].kind;
    const bool uses_it = named[i] || (containers && kind == ir::SubjectKind::Container);
    if (uses_it && kind != ir::SubjectKind::Profile) subjects.push_back(ir::SubjectId{i});
  }
  return subjects;
}

}  // namespace bulkhead::obligation
