// What a filter answers to each system call of one container on one machine, before it is turned into instructions.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/emit/error.h"
#include "runtime-bridge/emit/seccomp/condition.h"
#include "runtime-bridge/table/bpf.h"
#include "runtime-bridge/table/mediated.h"

namespace bulkhead::emit::seccomp {

using bpf::Machine;
using table::Flavour;

struct CallPlan {
  ir::SyscallId syscall;
  std::uint32_t number = 0;
  std::string name;
  Condition allowed;                                         // where the policy allows it
  std::vector<std::pair<Condition, std::uint32_t>> answers;  // the first whose condition holds
  std::uint32_t otherwise = bpf::kKillProcess;
};

struct Plan {
  Machine machine = Machine::X86_64;
  std::vector<CallPlan> calls;                // by number, ascending
  std::uint32_t unknown = bpf::kKillProcess;  // of every other number
};

/// The plan for `subject`. Refused: conditions that a filter cannot test, LOG as the answer to a refused call (it would
/// let the call through), a condition on execveat where a listener needs every execveat.
///
/// Requires: `subject` is a container.
Result<Plan, EmitError> plan_filter(const ir::World& world, ir::SubjectId subject, Machine machine, Flavour flavour);

/// The errno that a listener gives where this call is refused: of the first unconditional denial that names it, else
/// the container's default. `clone3`, `openat2` and `faccessat2` get ENOSYS, so that the C library falls back.
std::uint16_t refusal_errno(const ir::World& world, ir::SubjectId subject, ir::SyscallId syscall);

}  // namespace bulkhead::emit::seccomp
