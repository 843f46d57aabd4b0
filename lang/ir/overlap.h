// What can be told of two sets of objects by looking at their patterns alone, without automata. Trusted.
//
// Soundness: `may_overlap` over-approximates (false: no object is in both), `surely_within` under-approximates (true:
// every object of the first is in the second). Tests: Overlap.*.
#pragma once

#include "lang/ir/object.h"
#include "lang/ir/right.h"

namespace bulkhead::ir {

/// Requires: both are of this plane.
bool may_overlap(Plane plane, const ObjectPatterns& a, const ObjectPatterns& b);
bool surely_within(Plane plane, const ObjectPatterns& inner, const ObjectPatterns& outer);

}  // namespace bulkhead::ir
