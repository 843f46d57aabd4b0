// Level maximum: the same table, carried out by gVisor (runsc) on a bundle of mounts; denials are told after the fact.
#pragma once

#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {

/// What gVisor's own kernel and file server take beside the program, measured with runsc 20221219 on x86-64 under Linux
/// 6.18 (20 MiB of their own and 8 MiB that the kernel keeps for them; the program's memory is shared memory and
/// counted apart); the cgroup is the policy's limit plus this. Test: MaximumMemory.FortyFitSixtyDoNot.
inline constexpr std::uint64_t kSentryReserveBytes = std::uint64_t{28} << 20;
inline constexpr std::uint64_t kMaximumMemoryBytes = std::uint64_t{256} << 20;  // where the policy says nothing
inline constexpr std::uint64_t kMaximumCpu = 1000;                              // 1/1000 core

/// Runs `options.command` in gVisor; fills `outcome` like `run` does, SandboxExit is the caller's to write.
///
/// Requires: table.level is Maximum. Ensures: a refusal, or the program ran to its end; no container, cgroup, process
/// or
///           folder of it remains. The sink's loss kills the container and is a refusal.
Result<Unit, Refusal> run_maximum(const table::Table& table, const RunOptions& options, audit::Log& log,
                                  RunOutcome& outcome);

}  // namespace bulkhead::sandbox
