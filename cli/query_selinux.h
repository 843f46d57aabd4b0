// `bulkhead query` of an SELinux policy: information flow and domain transitions, over any number of rules.
#pragma once

#include "cli/options.h"

namespace bulkhead::cli {

int run_query_selinux(const QueryOptions& options);

}  // namespace bulkhead::cli
