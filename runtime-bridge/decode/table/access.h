// The access relation that the rows of a table stand for, compared with the policy's, right by right.
#pragma once

#include "lang/ir/world.h"
#include "runtime-bridge/decode/comparison.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::decode {

/// The world's volume of each volume of the table; where one is not what the policy says, that is a difference.
std::vector<ir::VolumeId> match_volumes(const table::Table& table, const ir::World& world, const ir::Subject& container,
                                        Comparison& comparison);

/// Adds the differences of one right to `comparison`. Requires: `volumes` comes from match_volumes.
void compare_right(const table::Table& table, const ir::World& world, ir::SubjectId subject, ir::Right right,
                   const std::vector<ir::VolumeId>& volumes, Comparison& comparison);

}  // namespace bulkhead::decode
