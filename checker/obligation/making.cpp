#include "checker/obligation/making.h"

#include <algorithm>

namespace bulkhead::obligation {

void Making::keep_to(const Volumes& volumes) {
  const auto in_them = [&](const ir::FilePattern& one) { return volumes.count(one.volume) != 0; };
  delegations.emplace();
  for (const ir::Delegation& one : world.delegations) {
    const bool others = !one.objects.nets.empty() || !one.objects.syscalls.empty() || !one.objects.capabilities.empty();
    const bool meant =
        others || one.objects.everything || std::any_of(one.objects.files.begin(), one.objects.files.end(), in_them);
    if (meant) delegations->push_back(&one);
  }
}

NodeId Making::may(ir::SubjectId subject, ir::Right right, std::uint8_t copy, const Volumes& volumes) {
  Scope scope{rules, build, subject, right, copy, volumes, std::nullopt, refusal};
  scope.delegations = delegations ? &*delegations : nullptr;
  const NodeId node = authority(scope, actors);
  if (node != Builder::constant(false)) acts.push_back({subject, right, copy});
  return node;
}

NodeId Making::may(ir::SubjectId subject, ir::Rights rights, std::uint8_t copy, const Volumes& volumes) {
  std::vector<NodeId> ways;
  for (const ir::Right right : rights_of(rights)) ways.push_back(may(subject, right, copy, volumes));
  return build.any(ways);
}

NodeId Making::may_list(ir::SubjectId subject, std::uint8_t copy, const Volumes& volumes) {
  return may_above(subject, world.flow.out_of_folder, copy, volumes, Place::Parent);
}

NodeId Making::may_move(ir::SubjectId subject, ir::Rights rights, std::uint8_t copy, const Volumes& volumes) {
  const ir::Rights moving = ir::Rights(ir::Right::Rename) | ir::Right::Link;
  return may_above(subject, rights & moving, copy, volumes, Place::Above);
}

NodeId Making::may_above(ir::SubjectId subject, ir::Rights rights, std::uint8_t copy, const Volumes& volumes,
                         Place place) {
  std::vector<NodeId> ways;
  for (const ir::Right right : rights_of(rights)) {
    Scope scope{rules, build, subject, right, copy, volumes, std::nullopt, refusal, place};
    scope.delegations = delegations ? &*delegations : nullptr;
    ways.push_back(authority(scope, actors));
    if (ways.back() != Builder::constant(false)) acts.push_back({subject, right, copy, place == Place::Parent});
  }
  const NodeId node = build.any(ways);
  if (node == Builder::constant(false)) return node;
  ir::ObjectPatterns without;  // what has no such folder
  if (place == Place::Above) without = at_the_top(volumes);
  for (const ir::VolumeId volume : volumes) without.files.push_back({volume, "/", ""});
  return build.both(node, build.negate(build.member(std::move(without))));
}

void Making::add(std::vector<Influence>& edges, NodeId root, Cause cause, ir::Plane plane, std::string label) {
  if (root == Builder::constant(false)) return;
  Influence edge;
  edge.cause = cause;
  edge.condition = LabelledQuery{std::move(label), Query{plane, build.finish(root), std::nullopt}, acts};
  edges.push_back(std::move(edge));
}

}  // namespace bulkhead::obligation
