// Questions about what is handed over: can somebody come to have what a condition asks for, or what another one has?
// Trusted.
#pragma once

#include "checker/obligation/obligation.h"

namespace bulkhead::obligation {

/// "Can the holder come to have the right on some of the objects?" Conditions of delegations are taken for true.
///
/// Soundness: over-approximates; no solution transfers. Test: Conditions.*
Result<LabelledQuery, Refusal> possession_query(const Rules& rules, ir::PossessionId what,
                                                ir::Actors actors = ir::Actors::Everybody);

/// "Can the subject come to be handed this right on exactly this object, by whomever?" Conditions of delegations are
/// taken for true. What it may by its own sentences does not count, and no context decides it.
///
/// Soundness: over-approximates; no solution transfers. Test: Attenuates.*
Result<Query, Refusal> handed_query(const Rules& rules, ir::SubjectId subject, ir::Right right,
                                    const ir::Object& object);

/// "Is there an object in both?" For whoever looks for examples.
Result<Query, Refusal> common_query(const Rules& rules, ir::Right right, const ir::ObjectPatterns& a,
                                    const ir::ObjectPatterns& b);

}  // namespace bulkhead::obligation
