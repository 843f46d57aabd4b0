// One page shared by the supervisor and the sandbox's own processes until the program's exec takes it away.
#pragma once

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "runtime-bridge/sandbox/step.h"

namespace bulkhead::sandbox {

struct Rendezvous {
  std::atomic<std::int32_t> failed_step{0};
  std::atomic<std::int32_t> failed_error{0};
  std::atomic<std::int32_t> failed_item{-1};  // index into the plan's list that the step works on
  std::atomic<std::int32_t> root_stands{0};   // 1: the own root is built and entered; a futex
  std::atomic<std::int32_t> listener_fd{-1};  // number of the filter's listener in the parked program
  std::atomic<std::int32_t> exec_error{0};
  std::atomic<std::int32_t> program_ended{0};  // 1: program_status is its wait status
  std::atomic<std::int32_t> program_status{0};
};
static_assert(std::atomic<std::int32_t>::is_always_lock_free, "shared between processes");

/// The end of a sandbox process that could not do `step`: says so and is gone.
[[noreturn]] inline void give_up(Rendezvous& page, Step step, int error, int item = -1) {
  std::int32_t none = 0;
  page.failed_error.store(error);
  page.failed_item.store(item);
  page.failed_step.compare_exchange_strong(none, static_cast<std::int32_t>(step));
  for (;;) ::_exit(125);
}

/// Checks the result of the system call that is `step`; `fault` is the step that a test makes fail.
inline void require(Rendezvous& page, Step fault, Step step, long result, int item = -1) {
  if (result < 0) give_up(page, step, errno, item);
  if (fault == step) give_up(page, step, EIO, item);
}

}  // namespace bulkhead::sandbox
