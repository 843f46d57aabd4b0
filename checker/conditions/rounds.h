// Liveness as safety, for sorts of any size: a system that counts how often all fair instances had their turn while
// something was pending. Trusted. See: [Claessen12].
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/system/system.h"
#include "lang/system/theorem.h"

namespace bulkhead::conditions {

/// Rounds that are counted: k of k-liveness.
inline constexpr std::size_t kMostRounds = 8;

struct Rounds {
  system::System system;             // the functions and actions of the original are its first, by the same ids
  std::vector<system::TermId> past;  // closed: something has been pending for at least 1, 2, ... kMostRounds rounds
};

/// The claim holds in every scope in which no state with `past.back()` can be reached; a claim of which such states can
/// be reached may hold all the same. Further functions:
///
///   witness i     a constant: the value of the i-th variable of the claim
///   pending       P was true, and Q has not been since
///   turn i        of fair action i, by its arguments: in this round it was disabled in some state, or taken
///   round 1 ...   something has been pending since so many rounds were over
///
/// A round is over when every fair instance had its turn; the next step begins another one. `wait`, an action more,
/// does nothing while something is pending: a run that stops goes on with it for ever.
///
/// Why that suffices: suppose that P holds in some state of a fair run, for values that the witnesses may be, and Q in
/// no state from there on. Then something is pending from there on, and nothing is forgotten. A fair instance, weakly
/// or strongly, is disabled or taken again and again; where the run stops it is disabled for ever, for else it would be
/// enabled for ever and not taken. A turn is kept until the round is over, and there are finitely many instances: sorts
/// are finite, and no parameter is an integer. So every round is over some time, and more than any number of them come.
///
/// Requires: is_valid(system, theorem) for a theorem with this claim. Fails where a fair action has parameters that are
/// integers or words. Ensures: is_valid(result.system). Test: against the search for lassos, on random systems.
Result<Rounds, std::string> rounds(const system::System& system, const system::LeadsTo& claim);

}  // namespace bulkhead::conditions
