// What the files of a control group limit, and the proof that the limits are at most the policy's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/decode/comparison.h"

namespace bulkhead::decode::cgroup {

/// None: no limit.
struct Meaning {
  std::optional<std::uint64_t> memory_bytes;
  std::optional<std::uint64_t> memory_and_swap_bytes;
  std::optional<std::uint64_t> cpu_quota_us;
  std::uint64_t cpu_period_us = 100'000;
  std::optional<std::uint64_t> pids;
  std::optional<bool> kill_together;  // none: the format has no such file
};

/// Reads lines of "FILE VALUE", of version 1 or 2 but not of both. A file that is not known is an error.
Result<Meaning, DecodeError> decode(std::string_view text);

/// `wider` for each resource that the policy limits and the files do not, or limit more loosely; with a limit of
/// memory, also where the kernel would kill one process of the container and leave the others. Limits that control
/// groups do not know (time, disk, open files) are `assumptions`: somebody else keeps them.
Comparison compare(const Meaning& meaning, const ir::Quantities& limits);

}  // namespace bulkhead::decode::cgroup
