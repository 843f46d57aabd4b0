// What is said about the models of a module besides the claims about them.
#pragma once

#include <vector>

#include "checker/certificate/second_solver.h"
#include "checker/engine/query_solver.h"
#include "checker/query/cache.h"
#include "checker/query/proof.h"

namespace bulkhead::query {

/// The actions of each model that no run was found to take; of a variant, those that its model takes. Those that can
/// never fire are shown so by evidence that the second solver accepts. Runs and evidence are kept in the cache, and
/// checked when they are found there.
std::vector<IdleAction> idle_actions(const ir::World& world, const engine::Budget& budget,
                                     const certificate::SolverOptions& second_solver, const CacheOptions& cache,
                                     CacheReport& report);

/// The conditions of each model that leave the fragment which solvers decide, each reason once; of a variant, for
/// reasons that its model has not.
std::vector<Undecidable> undecidable_conditions(const ir::World& world);

}  // namespace bulkhead::query
