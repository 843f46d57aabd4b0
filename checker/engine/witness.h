// Solutions of queries as requests and steps of a story. Internal to checker/engine.
#pragma once

#include <vector>

#include "checker/engine/query_solver.h"
#include "checker/obligation/obligation.h"
#include "checker/verdict/verdict.h"
#include "lang/ir/request.h"

namespace bulkhead::engine {

/// For each context copy that the acts speak of, in order, the first act that the reference semantics allows there.
///
/// Soundness: a request that is not allowed stays in the list, so that the replay rejects the witness instead of a part
/// of it getting lost. Test: Engine.EveryVerdictIsAccepted*.
std::vector<ir::Request> requests_of(const ir::World& world, const std::vector<obligation::Act>& acts,
                                     const Solution& solution);

/// The sentences of the permits behind these requests, sorted.
std::vector<ir::SentenceId> sentences_of(const ir::World& world, const std::vector<ir::Request>& requests);

verdict::Step step_of(const ir::World& world, std::vector<ir::Request> requests);

}  // namespace bulkhead::engine
