// A policy's limits as the files of a control group and their values.
#pragma once

#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/emit/error.h"

namespace bulkhead::emit::cgroup {

enum class Version : std::uint8_t { V1, V2 };

/// "memory.max" (v2), "memory/memory.limit_in_bytes" (v1: controller first), in the order in which they are written.
struct File {
  std::string name;
  std::string value;
  friend bool operator==(const File&, const File&) = default;
};

/// Memory without swap, the whole group killed together; processor time; processes and threads.
Result<std::vector<File>, EmitError> files_of(const ir::Quantities& limits, Version version);

/// One line for each file, "memory.max 268435456": the bytes of the artifact.
Result<std::string, EmitError> emit(const ir::World& world, ir::SubjectId container, Version version);

/// Microseconds of processor time in each period, for `cpu` thousandths of a processor. The kernel takes no quota below
/// 1 ms.
struct CpuQuota {
  std::uint64_t quota_us = 0;
  std::uint64_t period_us = 0;
};
CpuQuota quota_of(std::uint64_t cpu);

}  // namespace bulkhead::emit::cgroup
