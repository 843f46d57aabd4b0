// What bulkhead-init does with the policy's filter: tries it in a process of its own, then puts itself under it and
// becomes the program.
#pragma once

#include <linux/filter.h>

#include <cstdint>

#include "runtime-bridge/sandbox/maximum_orders.h"
#include "runtime-bridge/sandbox/maximum_start.h"

namespace bulkhead::sandbox {

/// The filter, with the start of the program before it, and the places that only the start knows.
class InitFilter {
 public:
  /// Reads the orders from `fd`. False where they are cut off or out of bounds.
  bool read_orders(int fd);
  /// Chooses the places of the start. False where no memory can be had there.
  bool choose_places();
  /// Makes the calls of the orders in a process under the filter and writes one line for each to standard output.
  bool report_trials();
  /// Installs the filter on this process, for ever.
  bool install();
  /// Executes `path` at the places of the start; returns errno where that fails.
  int start(const char* path, char* const* arguments, char* const* environment);

 private:
  int try_calls();
  static int in_child(void* self);

  Orders orders_;
  std::uint32_t numbers_[kMaxTrials] = {};
  std::int32_t seen_[kMaxTrials] = {};
  bool tried_ = false;
  StartCall places_;
  sock_filter program_[kMaxFilterLength] = {};  // the start's instructions, then the policy's
};

}  // namespace bulkhead::sandbox
