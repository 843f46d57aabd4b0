// The engines for one goal: those that decide one after the other, then the others side by side.
#pragma once

#include <memory>
#include <vector>

#include "checker/engine/engine.h"

namespace bulkhead::engine {

/// The first verdict of an engine that decides, in their order. Else of the others, which run in two threads: nothing
/// both holds and is violated, so whoever shows that it holds (or is vacuous) stops those that refute, and the other
/// way round. Among engines of one role the first in order counts: those behind it are stopped, those before it are
/// waited for. A violation that an engine of Role::Proves came across counts where nobody of Role::Refutes has found
/// one.
///
/// Ensures: deterministic but for the deadline; Unknown gives the reasons of all that were asked.
verdict::Verdict solve_by(const std::vector<std::unique_ptr<Engine>>& engines, const obligation::Obligation& obligation,
                          Session& session);

}  // namespace bulkhead::engine
