// Delegations, channels and sentences that a stored verdict names by their places in the world, found again after other
// sentences have come or gone. Internal to checker/query.
#pragma once

#include <string>
#include <string_view>

#include "checker/engine/engine.h"
#include "checker/verdict/verdict.h"

namespace bulkhead::query {

/// What every delegation and revocation says, and every condition asks for, in order: in two worlds with one text their
/// places mean the same.
std::string text_of_moves(const ir::World& world);

/// Everything that is asked about what the conditions of delegations ask for; empty where there are none. No question
/// of an obligation reads of it.
std::string text_of_conditions(const obligation::Rules& rules);

/// What each delegation and channel that the verdict names says, in the order in which they stand in it; empty where it
/// names none.
std::string places_of(const ir::World& world, const verdict::Verdict& verdict);

/// Makes the verdict name the delegations and channels of this world that say the same. False: one of them is gone.
///
/// The verdict is still nobody's word: whoever finds it replays it.
bool find_places(const ir::World& world, std::string_view places, verdict::Verdict& verdict);

/// The sentences of this world behind each step, but for those that find_minimal() fills in.
void refresh_sentences(const obligation::Rules& rules, const obligation::Obligation& obligation,
                       verdict::Violated& violated);

}  // namespace bulkhead::query
