// Which sentences of the policy some claim needs. Internal to checker/query.
#pragma once

#include <vector>

#include "checker/query/prove.h"

namespace bulkhead::query {

/// Of the user's rules, reservations and namespace settings those that no claim covers (deleting, widening or narrowing
/// them changes no verdict), and those that nobody looked at to the end. What stands in neither is covered. Both
/// sorted.
struct Survey {
  std::vector<ir::SentenceId> unproved;
  std::vector<ir::SentenceId> not_judged;
};

/// Cost: for each such sentence the claims that its subject takes part in are put into obligations again; only those
///       whose questions change are decided. Bounded by `work`, in rules read, and by `deadline`, which is late enough
///       for that: the same world gets the same survey.
Survey survey(const ir::World& world, const std::vector<ClaimResult>& claims, std::uint64_t work,
              std::chrono::steady_clock::time_point deadline);

}  // namespace bulkhead::query
