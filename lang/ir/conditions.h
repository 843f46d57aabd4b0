// Conditions on handing over and taking back: when they are true in the state of a run, and what a world is once it is
// known what they can never, or always, come to. Trusted.
#pragma once

#include <set>
#include <vector>

#include "lang/ir/world.h"

namespace bulkhead::ir {

/// Some sentence that hands over, or takes back, has a condition.
bool has_conditions(const World& world);

/// No condition of a delegation asks that somebody lacks something: what can be handed over can be handed over later as
/// well, whatever else has happened, and nothing is gained by taking back. Conditions of `revoke` do not matter here.
bool is_monotone(const World& world);

/// A right that one delegation hands over.
struct Use {
  DelegationId delegation;
  Right right = Right::Read;
  friend auto operator<=>(const Use&, const Use&) = default;
};

/// What is known of the reachable states of a world.
struct Exclusions {
  std::set<PossessionId> never;   // true in none
  std::set<PossessionId> always;  // true in each
  std::set<Use> unused;           // handed over in no run
  friend auto operator<=>(const Exclusions&, const Exclusions&) = default;
};

/// The world without what its conditions exclude: alternatives that can never be true, sentences all of whose
/// alternatives are such, and rights that are never handed over. Places stay: such a sentence is left without rights.
///
/// Ensures: where the exclusions are true, both worlds have the same runs.
World without(const World& world, const Exclusions& excluded);

/// By a permit, the host's own right, or a `holds` sentence the holder may have it; false: it surely has not. What is
/// handed over does not count.
bool may_have_by_itself(const World& world, SubjectId holder, Right right, const ObjectPatterns& objects);

}  // namespace bulkhead::ir
