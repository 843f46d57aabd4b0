// The enforcement table of one container: rows, provenance, places, limits, filters, all that bulkhead-exec will know.
#pragma once

#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/base/sha256.h"
#include "lang/ir/world.h"
#include "lang/source/source.h"
#include "runtime-bridge/emit/error.h"
#include "runtime-bridge/emit/gap.h"
#include "runtime-bridge/emit/seccomp/plan.h"
#include "runtime-bridge/table/inputs.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::emit {

using TableInputs = table::Inputs;

struct TableEmission {
  table::Table table;
  std::vector<Gap>
      gaps;  // of Landlock, each compensated by the listener; at level maximum by the filter, or seen by the event sink
};

/// The table of `subject`.
///
/// Which claim relies on a row: checker/universe/reliance.h. Guards are all `cannot` and `not granted` claims of the
/// container. Limits that the policy leaves open: 1 processor, 256 MiB.
///
/// Requires: `subject` is a container.
/// Ensures:  table::well_formed(table); decode::table proves it equal to the policy.
/// Fails:    where a mechanism cannot keep a sentence; the error names it.
Result<TableEmission, EmitError> emit_table(const ir::World& world, ir::SubjectId subject,
                                            const source::SourceMap& sources, const TableInputs& inputs);

}  // namespace bulkhead::emit
