// The initial states of a scope, one after the other.
#pragma once

#include <cstdint>
#include <functional>

#include "checker/explore/machine.h"

namespace bulkhead::explore {

enum class Listed : std::uint8_t {
  All,      // every initial state was shown
  Stopped,  // `visit` said so
  Endless,  // some function without an initial value has values that cannot be listed
  Beyond    // whether some state is initial is beyond, or the machine is spent
};

/// Calls `visit` with each initial state, in a fixed order, until it answers false.
///
/// Cost: backtracking over the entries that nothing declares, rigid ones first, cut off where an assumption or
/// `initially` is already false; exponential in the worst case, bounded by the machine's work.
Listed list_first_states(Machine& machine, const std::function<bool(FlatView)>& visit);

}  // namespace bulkhead::explore
