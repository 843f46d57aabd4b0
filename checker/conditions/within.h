// Conditions for claims about the first steps of a run: what would have to be true so many steps before. Trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/conditions/conditions.h"

namespace bulkhead::conditions {

/// Some step leads from here to a state in which the closed formula is true: for some action and some values of its
/// parameters its guard holds, and the formula does after its updates.
TermId before(Terms& terms, TermId formula);

/// More terms than this are too many: each step back makes the formula larger by a copy for each action.
inline constexpr std::size_t kMaxTermsBack = 200'000;

/// For each number of steps up to `steps`: no initial state is so many steps before one in which the claim is false.
/// When all of these are valid, the claim holds in every state that at most so many steps reach, whatever the sizes of
/// the sorts. None: the formulas become too large.
std::optional<std::vector<Condition>> within(Terms& terms, const Conjunct& claim, std::uint32_t steps);

}  // namespace bulkhead::conditions
