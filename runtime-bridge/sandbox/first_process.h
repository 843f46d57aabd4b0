// The sandbox's first process (pid 1 in its own pid namespace) and the program that it starts.
#pragma once

#include "runtime-bridge/sandbox/plan.h"
#include "runtime-bridge/sandbox/rendezvous.h"

namespace bulkhead::sandbox {

/// Bytes on the socket to the supervisor, one message each.
inline constexpr char kMapsWritten = 'm';  // supervisor: go on; a second byte counts the files that come with it
inline constexpr char kStarted = 's';      // program: it is in its namespaces and groups; its credentials name its pid
inline constexpr char kOwnRoot = 'r';      // first process: the host's tree is detached, the mounts are as they stay
inline constexpr char kParking = 'p';      // program: the filter is next, then the park

/// Builds the sandbox around itself, starts the program, reaps and forwards signals until the program ends.
///
/// Requires: called in the clone; the plan is complete. Never allocates, locks, throws or returns.
[[noreturn]] void run_first_process(Plan& plan, Rendezvous& page);

}  // namespace bulkhead::sandbox
