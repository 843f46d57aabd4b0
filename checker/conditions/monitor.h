// Liveness as safety: a system that guesses where a fair run begins to go round, and notices when it has. Trusted.
// See: [Biere02].
#pragma once

#include <string>

#include "lang/base/result.h"
#include "lang/system/system.h"
#include "lang/system/theorem.h"

namespace bulkhead::conditions {

struct Monitored {
  system::System system;  // the functions and actions of the original are its first, by the same ids
  system::TermId looped;  // closed
};

/// In every scope, some run of the original shows that the claim is violated iff some state in which `looped` is true
/// can be reached. Further functions:
///
///   witness i         a constant: the value of the i-th variable of the claim
///   pending           P was true, and Q has not been since
///   saved, saved f    a state was chosen in which something was pending, and this was f there (action `save`)
///   idle i, taken i   of fair action i, by its arguments: since then it was disabled in some state; it was taken
///   able i            of a strongly fair one: since then it was enabled in some state
///
/// `looped`: the state is the saved one, something has been pending ever since, and each fair instance was treated
/// fairly.
///
/// Requires: is_valid(system, theorem) for a theorem with this claim. Fails where a fair action has parameters that are
/// integers or words: its instances have no table.
/// Ensures: is_valid(result.system). Test: against the search for lassos, on random systems.
Result<Monitored, std::string> monitor(const system::System& system, const system::LeadsTo& claim);

}  // namespace bulkhead::conditions
