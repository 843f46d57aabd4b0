// Integers that may go down while something is pending: what is tried for the ranks of `leads to`. Internal to
// checker/engine.
#pragma once

#include <vector>

#include "checker/conditions/terms.h"
#include "lang/system/theorem.h"

namespace bulkhead::engine {

/// What functions say of the variables of the claim in integers, how far these are below what does not change, what two
/// of them come to together, and how far they are below each other; at most 16.
std::vector<system::TermId> measures_of(conditions::Terms& terms, const system::LeadsTo& claim);

/// Every choice of variables of the claim, by their places, for arguments of these types.
std::vector<std::vector<std::size_t>> choices_of(const system::System& system, const system::LeadsTo& claim,
                                                 const std::vector<system::Type>& types);

}  // namespace bulkhead::engine
