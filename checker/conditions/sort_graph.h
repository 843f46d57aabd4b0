// The sort graph of a condition: whether it lies in the fragment that solvers decide. Nobody relies on it: it explains
// why an answer may be missing.
#pragma once

#include <optional>
#include <string>

#include "checker/conditions/conditions.h"

namespace bulkhead::conditions {

/// What takes the negated condition out of effectively propositional logic, in one line; nothing: it is inside, and
/// solvers come to an end. Sorts are nodes; a function from one sort to another is an edge, and so is an existential
/// variable under a universal one (its Skolem function).
///
///   a circle of edges   "Frame -> Container (by `owner`), Container -> Frame (by `f` under `c`)"
///   unbounded numbers   "`n` ranges over integers"
///
/// Over-approximates: what stands under an equality of Booleans or in a condition counts as both signs.
std::optional<std::string> outside_fragment(const Terms& terms, const Condition& condition);

}  // namespace bulkhead::conditions
