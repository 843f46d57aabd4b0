// The part of a verdict that replay and arithmetic show; no solver takes part. Trusted.
#pragma once

#include "checker/verdict/verdict.h"
#include "lang/ir/replay.h"

namespace bulkhead::certificate {

/// What is missing for the requests, the path or the sums of the verdict to show it; nothing where they do, or where
/// the verdict needs none.
ir::Objection check_witness(const ir::World& world, const obligation::Obligation& obligation,
                            const verdict::Verdict& verdict);

/// The requests, the path and what is handed over, as lang/ir/replay takes them.
ir::Witness witness_of(const verdict::Trace& trace);

}  // namespace bulkhead::certificate
