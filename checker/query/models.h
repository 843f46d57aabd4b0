// What a report says about the models of a module besides the claims about them. Internal to checker/query.
#pragma once

#include <vector>

#include "checker/certificate/second_solver.h"
#include "checker/engine/query_solver.h"
#include "checker/query/cache.h"
#include "checker/query/proof.h"

namespace bulkhead::query {

/// The actions of each model (not of its variants) that no run was found to take. Those that can never fire are shown
/// so by evidence that the second solver accepts. Runs and evidence are kept in the cache, and checked when they are
/// found there.
std::vector<IdleAction> idle_actions(const ir::World& world, const engine::Budget& budget,
                                     const certificate::SolverOptions& second_solver, const CacheOptions& cache,
                                     CacheReport& report);

/// The conditions of each model that leave the fragment which solvers decide; each reason once.
std::vector<Undecidable> undecidable_conditions(const ir::World& world);

}  // namespace bulkhead::query
