// Which sentences of models some claim needs. Internal to checker/query.
#pragma once

#include <chrono>
#include <cstdint>

#include "checker/query/coverage.h"

namespace bulkhead::query {

/// Of the user's sentences of models and protocols (actions, updates, initial values, assumptions, invariants and
/// lemmas that nobody claims) those that no claim covers: with every change of them that is tried (model_mutant.h) each
/// claim has the verdict that it has, shown again; and those of which that was not found out. Both in order.
///
/// A verdict is shown again by its own evidence: the conditions of its certificate are made afresh of the changed model
/// and decided, its run is replayed there. It is another one where a run of a small scope says so. What neither tells
/// is not judged.
///
/// Soundness: `unproved` is as right as the first solver. Test: ModelCoverage.WhatIsReportedChangesNoVerdict.
/// Cost:      bounded by `work`, about as many microseconds, counted by what is asked and not by the clock.
Survey survey_models(const ir::World& world, const std::vector<ClaimResult>& claims, const SurveyLimits& limits);

}  // namespace bulkhead::query
