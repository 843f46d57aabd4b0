// What the value of a term depends on: the binders that are free in it, and functions.
#pragma once

#include <vector>

#include "lang/system/system.h"

namespace bulkhead::system {

struct Reads {
  std::vector<BinderId> free;  // in order
  bool state = false;          // some function that changes
};

/// By TermId. Requires: well_typed(system).
std::vector<Reads> reads_of(const System& system);

}  // namespace bulkhead::system
