// Does a condition hold, by instances of its hypotheses that somebody has named? Trusted.
//
// The condition is valid iff its hypotheses and the negation of its goal contradict one another. The hints say which
// instances of them to look at; those, with what equality means, are clauses (clauses.h), for which a refutation is
// searched and checked step by step (checker/lrat). Of integers it is known what up to four comparisons of sums exclude
// (linear.h), of words nothing: conditions that need more are for another solver.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checker/conditions/conditions.h"

namespace bulkhead::instances {

/// Conflicts of one search for a refutation.
inline constexpr std::uint32_t kMostConflicts = 20'000;

/// What is missing for the hints to show that the condition is valid; nothing: it is. The hints may come from anywhere.
///
/// Ensures: the terms of the system that were there before are as they were.
std::optional<std::string> objection(conditions::Terms& terms, const conditions::Condition& condition,
                                     std::string_view hints);

}  // namespace bulkhead::instances
