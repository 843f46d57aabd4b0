// `bulkhead prove`, `certify` and `export` of an SELinux policy: its claims are its assertions.
#pragma once

#include "cli/options.h"

namespace bulkhead::cli {

int run_prove_selinux(const ProveOptions& options);
int run_certify_selinux(const CertifyOptions& options);
int run_export_selinux(const ExportOptions& options);

}  // namespace bulkhead::cli
