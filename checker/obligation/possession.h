// The questions behind conditions on handing over: can somebody come to have what a condition asks for? Trusted.
#pragma once

#include "checker/obligation/obligation.h"

namespace bulkhead::obligation {

/// "Can the holder come to have the right on some of the objects?" Conditions of delegations are taken for true.
///
/// Soundness: over-approximates; no solution transfers. Test: Conditions.*
Result<LabelledQuery, Refusal> possession_query(const Rules& rules, ir::PossessionId what,
                                                ir::Actors actors = ir::Actors::Everybody);

/// "Is there an object in both?" For whoever looks for examples.
Result<Query, Refusal> common_query(const Rules& rules, ir::Right right, const ir::ObjectPatterns& a,
                                    const ir::ObjectPatterns& b);

}  // namespace bulkhead::obligation
