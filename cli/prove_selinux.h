// `bulkhead prove` of an SELinux policy: its claims are its assertions.
#pragma once

#include "cli/options.h"

namespace bulkhead::cli {

int run_prove_selinux(const ProveOptions& options);

}  // namespace bulkhead::cli
