// Searches for an interpretation of Horn clauses over integers: from nothing upwards, point by point, in templates.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "checker/safety/interpretation.h"

namespace bulkhead::safety {

/// An interpretation that makes every clause true, as far as Z3 says; none: `why`. The arena of the clauses grows.
///
/// Each relation is what the points that were found have in common: the affine space that they lie in, remainders, and
/// bounds of the sums that the clauses compare, apart for a few cases. A clause that is not true tells another point,
/// until there is none. That is the least interpretation of this form; where it does not make the clauses without a
/// head true, more sums and cases are looked at. See: [Reps04], symbolic abstraction; [Karr76]; [Granger89].
///
/// Not trusted: see check(). Cost: bounded by kMaxQuestions to Z3 for each of at most a dozen attempts.
std::optional<Interpretation> by_templates(interchange::Clauses& clauses, const std::stop_token& stop,
                                           std::uint32_t seed, std::string& why);

}  // namespace bulkhead::safety
