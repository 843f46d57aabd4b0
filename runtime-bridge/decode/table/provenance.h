// What a table says of itself: sentences, claims, guards, errnos. None of it widens access; all of it is told to
// people.
#pragma once

#include <vector>

#include "lang/ir/world.h"
#include "runtime-bridge/decode/comparison.h"
#include "runtime-bridge/decode/expected.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::decode {

/// Adds to `misattributed`:
///
/// * each place, text, name of a sentence or claim that is not as the policy has it, or that nothing points at;
/// * each row whose sentence does not say it: the rows of a sentence together must match what its rules match, for each
///   right; and whose claim is not the first that relies on its rule (checker/universe/reliance.h);
/// * each guard that is not the next claim that denies something to the container, with its rights and objects;
/// * the sentences of the container, its mounts, limits, closure and Landlock rules; of refused system calls also the
///   claim and the errno.
///
/// Requires: `volumes` comes from match_volumes.
void compare_provenance(const table::Table& table, const ir::World& world, ir::SubjectId subject,
                        const std::vector<ir::VolumeId>& volumes, const Expected& expected, Comparison& comparison);

}  // namespace bulkhead::decode
