// Lemmas that nobody wrote, for whoever has a system and a claim about every state of it. Internal to checker/engine.
#pragma once

#include "checker/engine/engine.h"

namespace bulkhead::engine {

/// Holds or Vacuous, by lemmas that are inferred from small scopes; Violated where the claim is, in a small scope; else
/// why nobody knows.
///
/// Requires: the theorem is Always or Never.
verdict::Verdict infer(const system::System& system, const system::Theorem& theorem, const solver::Limits& limits,
                       const Turn& turn);

}  // namespace bulkhead::engine
