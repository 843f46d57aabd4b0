// Which sentences of the policy some claim needs. Internal to checker/query.
#pragma once

#include <vector>

#include "checker/query/prove.h"

namespace bulkhead::query {

/// Of the user's rules, mounts, quantities, namespace and identity settings, and of the sentences of the user's models,
/// those that no claim covers (deleting, widening or narrowing them changes no verdict), and those that nobody looked
/// at to the end. What stands in neither is covered. Both sorted.
struct Survey {
  std::vector<ir::SentenceId> unproved;
  std::vector<ir::SentenceId> not_judged;
};

struct SurveyLimits {
  std::uint64_t work = 0;  // rules read, about
  std::chrono::steady_clock::time_point deadline;
  unsigned jobs = 1;  // threads; they do not change the outcome
};

/// Cost: for each such sentence the claims that its subject takes part in are put into obligations again; only those
///       whose questions change are decided. Bounded by `work`, and by `deadline`, which is late enough for that: the
///       same world gets the same survey.
Survey survey(const ir::World& world, const std::vector<ClaimResult>& claims, const SurveyLimits& limits);

}  // namespace bulkhead::query
