// Which sentences of the policy some claim needs. Internal to checker/query.
#pragma once

#include <vector>

#include "checker/query/prove.h"

namespace bulkhead::query {

/// The user's rules, reservations and namespace settings that no claim covers: deleting, widening or narrowing them
/// changes no verdict. Sorted.
///
/// Cost: for each such sentence the claims that its subject takes part in are put into obligations again; only those
/// whose
///       questions change are decided. Beyond `deadline` the rest counts as covered (it is not known to be unproved).
std::vector<ir::SentenceId> unproved_sentences(const ir::World& world, const std::vector<ClaimResult>& claims,
                                               std::chrono::steady_clock::time_point deadline);

}  // namespace bulkhead::query
