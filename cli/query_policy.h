// `bulkhead query` of a .bh policy: who can, what can it reach, is there a path, what breaks.
#pragma once

#include "cli/options.h"

namespace bulkhead::cli {

/// The question is `options.question`, or the last word of the files.
int run_query_policy(const QueryOptions& options);

}  // namespace bulkhead::cli
