// Runs of a monitored system (checker/conditions/monitor.h) as lassos of the original. Internal to checker/engine.
#pragma once

#include "lang/system/state.h"
#include "lang/system/system.h"

namespace bulkhead::engine {

/// The steps of the original; the loop begins where the monitor saved the state. Whether it shows anything the replay
/// decides.
system::Run lasso_of(const system::System& original, const system::Run& monitored);

}  // namespace bulkhead::engine
