// The rules of a policy as rows of a table: conditions become literals, labels and paths become patterns.
#pragma once

#include <cstdint>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/emit/error.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::emit {

/// Which volumes of the world a container's table has, and under which index: its own root first, then what it mounts.
class VolumeMap {
 public:
  VolumeMap(const ir::World& world, const ir::Subject& container);

  /// kNone: the container cannot reach the volume, so no object of it is ever asked about.
  std::uint32_t of(ir::VolumeId volume) const { return index_.at(volume.index()); }
  const std::vector<ir::VolumeId>& volumes() const { return volumes_; }

 private:
  std::vector<std::uint32_t> index_;
  std::vector<ir::VolumeId> volumes_;
};

/// A row and the rule it comes from; `row.sentence` is an index into World::sentences, `row.claim` is not set.
struct RuleRow {
  table::Row row;
  ir::RuleId rule;
};

inline constexpr std::size_t kMaxRowsOfRule = 256;

/// The rows of every file, net and capability rule that concerns `subject`, in the order of the rules.
///
/// Ensures: for every object of a volume in `volumes`, some permit row and no forbid row matches iff the policy allows
/// it. Fails:   where a condition depends on the context, or stands for more than kMaxRowsOfRule rows.
Result<std::vector<RuleRow>, EmitError> rows_of(const ir::World& world, ir::SubjectId subject,
                                                const VolumeMap& volumes);

/// The patterns as one positive literal; patterns of volumes that are not in `volumes` are left out.
table::Literal literal_of(const ir::ObjectPatterns& patterns, const VolumeMap& volumes);

}  // namespace bulkhead::emit
