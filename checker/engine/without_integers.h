// A system without its integers: what circuits can be made of. Internal to checker/engine.
#pragma once

#include <optional>

#include "lang/system/system.h"

namespace bulkhead::engine {

/// The system with integers forgotten: functions to integers are constants, conjuncts of guards, of assumptions and of
/// `initially` that read them are gone. None: the formula reads integers, or something else that is kept does.
///
/// Soundness: over-approximates, with fewer guards and more first states. What holds of it holds of the system; what is
/// violated may not be. Used for guesses alone (inference_engine.cpp), which are proved of the system itself.
///
/// Requires: is_valid(system), `formula` is closed. Ensures: is_valid of the result, in which ids of functions, actions
/// and of the formula's terms mean the same.
std::optional<system::System> without_integers(const system::System& system, system::TermId formula);

}  // namespace bulkhead::engine
