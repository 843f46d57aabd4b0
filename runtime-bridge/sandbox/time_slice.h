// How long a process keeps the processor once it has it (Linux 6.12): a preference, never a share, so failure is
// nothing.
//
// Supervisor and sandbox hand over to one another many times around a start and at every mediated call. With a short
// slice each runs when it is woken and not when a stranger's slice ends. The program gets the kernel's own slice back.
#pragma once

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace bulkhead::sandbox {

inline constexpr std::uint64_t kShortSlice = 100'000;  // nanoseconds, the least that the kernel takes
inline constexpr std::uint64_t kUsualSlice = 0;

/// Usable between clone and exec. Policy and nice value stay as they are.
inline void prefer_slice(std::uint64_t nanoseconds) {
  struct {  // struct sched_attr, which no header of Debian 12's C library has
    std::uint32_t size, policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime, deadline, period;
  } attributes{};
  if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0 || attributes.policy != SCHED_OTHER)
    return;
  attributes.size = sizeof attributes;
  attributes.runtime = nanoseconds;
  ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace bulkhead::sandbox
