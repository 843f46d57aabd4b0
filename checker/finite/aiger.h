// A claim in one scope in the binary AIGER format, for other model checkers.
#pragma once

#include <string>

#include "checker/finite/finite.h"
#include "lang/base/result.h"

namespace bulkhead::finite {

/// One output, which can become true exactly where a reachable state of the scope violates the claim.
///
/// Latches are zero at first: one says that the run has begun, the others are the state. Until it has, the inputs offer
/// an initial state, and it begins where they offer one; after that each step is a sweep (steps.h). So depths are not
/// comparable.
///
/// Requires: as the engines of finite.h. Fails with the reason why the system has no circuit.
/// See: [Biere07].
Result<std::string, std::string> to_aiger(const system::System& system, const system::Scope& scope, const Claim& claim);

}  // namespace bulkhead::finite
