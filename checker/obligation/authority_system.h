// Authority that moves under conditions which ask that somebody lacks something, as a transition system of Booleans.
// Trusted.
//
// One Boolean for each use of a delegation, a right that it hands over: some capability that it handed over is live. A
// step sets it where the giver may have the right and the condition may be true; taking back lets go of any of what may
// be derived from what was handed over, in steps of their own during which nothing else happens.
//
// Soundness: over-approximates every run of lang/ir/acquire, so that what no run of the system uses is used in none:
// objects of one sentence are one; pattern sets are one object where they may overlap; whoever may have something by
// some sentence has it; what is asked to be lacked is lacked unless a live capability is surely of it; what was derived
// from what is not told. Tests: Conditions.*
#pragma once

#include <set>
#include <vector>

#include "checker/obligation/obligation.h"
#include "lang/ir/conditions.h"

namespace bulkhead::obligation {

struct AuthoritySystem {
  system::System system;
  system::Theorem theorem;  // none of the unused is ever used
  struct Move {
    enum class Kind : std::uint8_t { Give, Take, Lose, End } kind = Kind::End;
    ir::Use use;                  // Give, Lose
    ir::RevocationId revocation;  // Take
    ir::Right right = ir::Right::Read;
  };
  std::vector<Move> moves;  // by ActionId
};

/// As many uses are told apart.
inline constexpr std::size_t kMostUses = 400;

/// The system of everything that bears on these uses, none of which is said to be possible.
///
/// Refused: more uses than that, and containers of which there may be any number, since there are two of them here.
Result<AuthoritySystem, Refusal> authority_system(const ir::World& world, const std::set<ir::Use>& unused);

}  // namespace bulkhead::obligation
