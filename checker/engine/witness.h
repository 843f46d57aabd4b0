// Solutions of queries as requests and steps of a story. Internal to checker/engine.
#pragma once

#include <optional>
#include <vector>

#include "checker/engine/query_solver.h"
#include "checker/obligation/obligation.h"
#include "checker/verdict/verdict.h"
#include "lang/ir/request.h"

namespace bulkhead::engine {

/// The request that this act is in a solution; none on the folder of what has none.
std::optional<ir::Request> request_of(const obligation::Act& act, const Solution& solution);

/// The requests to rename or link a folder above the object of a solution, which moves the object; none of other acts.
std::vector<ir::Request> moves_of(const obligation::Act& act, const Solution& solution);

/// The sentences of the permits behind these requests, sorted.
std::vector<ir::SentenceId> sentences_of(const ir::World& world, const std::vector<ir::Request>& requests);

verdict::Step step_of(const ir::World& world, std::vector<ir::Request> requests);

}  // namespace bulkhead::engine
