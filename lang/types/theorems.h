// What the models of a policy have become: made by lang/types/model before the rest of the policy is lowered.
#pragma once

#include <map>
#include <vector>

#include "lang/ast/claim.h"
#include "lang/ir/world.h"

namespace bulkhead::types {

struct Theorems {
  std::vector<system::System> systems;
  /// The claims about models, those without mistakes.
  std::map<const ast::Claim*, ir::TheoremClaim> claims;
};

}  // namespace bulkhead::types
