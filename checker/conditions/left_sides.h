// What a claim takes for given: the left sides of its implications. A claim whose left side is never true says nothing.
// Trusted.
#pragma once

#include <vector>

#include "checker/conditions/terms.h"

namespace bulkhead::conditions {

/// For each implication that the claim is, under its outermost quantifiers and in each part of its conjunctions: the
/// closed formula "for some values, its left side". [semantics 8]
std::vector<TermId> left_sides(Terms& terms, TermId claim);

}  // namespace bulkhead::conditions
