// The start of the program inside gVisor: the one exec that passes a filter which may refuse every exec.
//
// The call is told from all others by where its three arguments lie: bulkhead-init puts the path, the arguments and
// the environment at addresses that getrandom chose. The exec itself takes them away: the program has a new memory,
// and no file, register or process beside it that shows them. Whoever guesses has to meet 3 times 47 bits less what no
// mapping can have (at least 2^140 places; 2^80 tries of 30 us each, gVisor's price of a call, are 10^12 years); a
// filter that stops comparing at the first word that differs is faster by nanoseconds there, under microseconds of
// noise.
#pragma once

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>

namespace bulkhead::sandbox {

/// execveat(AT_FDCWD, path, arguments, environment, 0), by the addresses of the three.
struct StartCall {
  std::uint64_t path = 0;
  std::uint64_t arguments = 0;
  std::uint64_t environment = 0;
};

inline constexpr std::size_t kStartLength = 21;

/// Writes the instructions that are to stand before a filter.
///
/// Ensures: with them the filter allows `call`, of the native architecture, and answers everything else as before.
///          Test: tests/bridge_seccomp/start_test.cpp decodes both and compares them over all calls.
void write_start(const StartCall& call, sock_filter (&before)[kStartLength]);

}  // namespace bulkhead::sandbox
