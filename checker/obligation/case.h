// One case of a claim while its obligation is made. Trusted, internal to checker/obligation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/obligation/scope.h"

namespace bulkhead::obligation {

inline constexpr const char* kNoAlias = "no alias outside the declared mounts";

/// Everything that the functions below need.
struct Case {
  const Rules& rules;
  const ir::World& world;
  const ir::Claim& claim;
  Instance instance;
  ir::Actors actors;
  std::optional<Refusal> refusal;
  Obligation result;

  /// Who does not act in what is asked here.
  bool idle(ir::SubjectId who) const { return actors == ir::Actors::Free && !ir::is_free(world, who); }

  ir::SubjectId subject(const ir::SubjectRef& reference) const { return ir::resolve(reference, instance.variable); }
  std::string name(const ir::SubjectRef& reference) const { return world.at(subject(reference)).name; }
  void refuse(std::string reason) {
    if (!refusal) refusal = Refusal{std::move(reason), claim.sentence};
  }
};

std::vector<ir::Right> rights_of(ir::Rights rights);
/// Says what a claim about reachable states rests on, where rights move.
void assume_delegations(Case& c);

// One function for each claim form: what has to be shown. [semantics 8]
Goal goal_of(Case& c, const ir::Can& can);
Goal goal_of(Case& c, const ir::Cannot& cannot);
Goal goal_of(Case& c, const ir::CannotAcquire& claim);
Goal goal_of(Case& c, const ir::NotGranted& claim);
Goal goal_of(Case& c, const ir::ConfinedTo& claim);
Goal goal_of(Case& c, const ir::Attenuates& claim);
Goal goal_of(Case& c, const ir::Refines& claim);
Goal goal_of(Case& c, const ir::Equivalent& claim);
Goal goal_of(Case& c, const ir::Isolated& claim);
Goal goal_of(Case& c, const ir::Protected& claim);
Goal goal_of(Case& c, const ir::NoFlow& claim);
Goal goal_of(Case& c, const ir::KeepsApart& claim);
Goal goal_of(Case& c, const ir::SharesNo& claim);
Goal goal_of(Case& c, const ir::Fits& claim);
Goal goal_of(Case& c, const ir::Guaranteed& claim);
Goal goal_of(Case& c, const ir::TheoremClaim& claim);

}  // namespace bulkhead::obligation
