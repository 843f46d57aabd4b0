// Which claims rely on a sentence, and which claims a denial keeps true: one definition for those who write it down
// with a rule and those who check what was written. No decision depends on it.
#pragma once

#include <vector>

#include "lang/ir/world.h"

namespace bulkhead::universe {

/// A claim about what one container may do, its quantifier already resolved.
struct AccessClaim {
  ir::ClaimId claim;
  bool denies = false;  // `cannot` and `not granted`; else `can`
  ir::Rights rights;
  const ir::ClaimObjects* objects = nullptr;  // in the world
};

/// The claims that are to be proved and speak of `subject`, in their order.
std::vector<AccessClaim> access_claims(const ir::World& world, ir::SubjectId subject);

/// The first of `claims` that relies on `rule`: it speaks of a right and an object that the rule speaks of, and is a
/// `can` for a permit, a `cannot` or `not granted` for a forbid. Invalid: none.
ir::ClaimId relying_claim(const ir::World& world, const ir::Rule& rule, const std::vector<AccessClaim>& claims);

}  // namespace bulkhead::universe
