// The two JSON files that runsc reads: the OCI configuration of the bundle and the sink's trace session.
#pragma once

#include <string>

#include "runtime-bridge/sandbox/maximum_bundle.h"

namespace bulkhead::sandbox {

/// Does any rule of the table grant this right on a file? Where none grants kRename or kLink, gVisor refuses the calls.
bool grants(const table::Table& table, std::uint16_t right);

/// Fails where a path or an argument is no UTF-8: JSON cannot say it.
Result<std::string, Refusal> oci_config(const table::Table& table, const BundlePlan& plan, const std::string& root);

std::string sink_config(const std::string& socket);

}  // namespace bulkhead::sandbox
