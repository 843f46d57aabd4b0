// Whether a program under a table can make a socket listen at all.
#pragma once

#include "runtime-bridge/table/table.h"

namespace bulkhead::sandbox {

/// The filter of this machine lets no `listen` through, whatever its arguments: read off the filter's own bytes.
///
/// Soundness: under-approximates; a filter that looks at the arguments of `listen` answers false.
bool never_listens(const table::Table& table);

}  // namespace bulkhead::sandbox
