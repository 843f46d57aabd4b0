// Limits that hold for each process (rlimits), and the sampling that stands in for a memory cgroup where one is
// missing.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "runtime-bridge/sandbox/plan.h"

namespace bulkhead::sandbox {

inline constexpr std::uint64_t kDefaultOpenFiles = 1024;
inline constexpr std::uint64_t kDefaultDiskBytes = std::uint64_t{64} << 20;

/// Open files, file size, no core dumps, no locked memory beyond what is charged.
std::vector<ResourceLimit> plan_resource_limits(const table::Limits& limits);

/// The degradation `memory:rlimit`: address space and data of each process, and processes of the user.
void add_memory_rlimits(const table::Limits& limits, std::vector<ResourceLimit>& plan);

/// Resident bytes of `first` and all that descend from it, at this moment, without those of mapped files (limits.cpp
/// says why).
std::uint64_t resident_bytes(pid_t first);

/// Whether the kernel holds exactly these limits for `pid`.
bool has_resource_limits(pid_t pid, const std::vector<ResourceLimit>& plan);

}  // namespace bulkhead::sandbox
