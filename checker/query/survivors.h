// Claims about models that no variant loses. Internal to checker/query.
#pragma once

#include <vector>

#include "checker/query/coverage.h"

namespace bulkhead::query {

/// Of the claims about the user's models that hold: those that are known to hold of every variant of their model too,
/// so that none of its mistakes is what they guard against. In the order of the claims. [semantics 8]
///
/// A variant is known to lose a claim, or to keep it, by what the policy claims of the variant itself, by the evidence
/// of the claim, by a run of a small scope (rechecking.h); with enough work left, by the engines.
///
/// Soundness: as right as the first solver. Test: Survivors.WhatIsToldHoldsOfEveryVariant.
/// Cost:      nothing where the policy refutes each claim of some variant; bounded by limits.work.
std::vector<Survivor> survivors(const ir::World& world, const std::vector<ClaimResult>& claims,
                                const SurveyLimits& limits);

}  // namespace bulkhead::query
