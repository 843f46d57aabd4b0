// Finds the hints of refutation.h. Not trusted: refutation.h judges what comes out.
#pragma once

#include <optional>
#include <string>

#include "checker/conditions/conditions.h"

namespace bulkhead::instances {

/// Hints that show the condition valid, no more of them than one refutation needs; none: the instances that were tried
/// do not.
///
/// Existential formulas get constants; universal ones get those that occur, at first only where they speak of the
/// goal's functions alone, then all of them; then every value that occurs. Up to a bound of instances. Complete for
/// none but small conditions in which no function leads back to the sort of its argument. Deterministic.
std::optional<std::string> find_hints(conditions::Terms& terms, const conditions::Condition& condition);

}  // namespace bulkhead::instances
