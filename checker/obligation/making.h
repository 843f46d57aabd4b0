// What the edges of the influence graph are made with. Trusted, internal to checker/obligation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/obligation/case.h"
#include "checker/obligation/obligation.h"
#include "checker/obligation/scope.h"

namespace bulkhead::obligation {

/// The question of one edge while it is made: who may do what to one object.
struct Making {
  const Rules& rules;
  ir::Actors actors;
  const ir::World& world = rules.world();
  Builder build{};
  std::optional<Refusal> refusal{};
  std::vector<Act> acts{};
  std::optional<std::vector<const ir::Delegation*>> delegations{};  // Scope::delegations

  /// From now on files are asked about in these volumes alone.
  void keep_to(const Volumes& volumes);
  NodeId may(ir::SubjectId subject, ir::Right right, std::uint8_t copy, const Volumes& volumes);
  NodeId may(ir::SubjectId subject, ir::Rights rights, std::uint8_t copy, const Volumes& volumes);
  /// `subject` may list the folder that holds the object: it sees names come and go.
  NodeId may_list(ir::SubjectId subject, std::uint8_t copy, const Volumes& volumes);
  /// `subject` may move a folder in which the object lies.
  NodeId may_move(ir::SubjectId subject, ir::Rights rights, std::uint8_t copy, const Volumes& volumes);

  /// The influence over this cause if the formula can be true at all.
  void add(std::vector<Influence>& edges, NodeId root, Cause cause, ir::Plane plane, std::string label);

 private:
  NodeId may_above(ir::SubjectId subject, ir::Rights rights, std::uint8_t copy, const Volumes& volumes, Place place);
};

}  // namespace bulkhead::obligation
