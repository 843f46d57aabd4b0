// The seccomp filter: taken from the table's bytes, installed as they are, and simulated to predict its answers.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {

/// The filter of the running machine's architecture. Fails where the table has none, or its bytes are no program.
Result<std::vector<sock_filter>, Refusal> native_filter(const table::Table& table);

/// The same for a program that parks before it: fails too where it does not hand execveat to the listener.
Result<std::vector<sock_filter>, Refusal> load_filter(const table::Table& table);

/// What the filter answers to `call`: a SECCOMP_RET_* value. KILL_PROCESS where the program is not one of seccomp's.
///
/// Cost: one step for each instruction on the way; the kernel's verifier admits forward jumps only, and so does this.
std::uint32_t simulate(const std::vector<sock_filter>& filter, const seccomp_data& call);

/// Installs the filter on the calling thread and returns the number of its listener, or -1 with errno. Between clone
/// and exec.
int install_filter(const sock_filter* filter, std::size_t length);

}  // namespace bulkhead::sandbox
