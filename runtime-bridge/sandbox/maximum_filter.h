// The policy's filter inside gVisor: what bulkhead-init is told to install, and what it has to find when it tries it.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <string>
#include <vector>

#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {

struct ContainedFilter {
  struct Trial {
    std::uint32_t number = 0;  // made with all arguments zero
    std::uint32_t error = 0;   // the errno that it has to come to
  };
  std::vector<sock_filter> program;
  std::vector<Trial> trials;  // refused ones only: a call that is let through would do something
};

/// The native filter of the table. Fails where it is none for gVisor: an answer that needs somebody who listens, or no
/// room for the start of the program.
Result<ContainedFilter, Refusal> contained_filter(const table::Table& table);

/// What bulkhead-init reads on its standard input before anything else (maximum_orders.h).
std::string orders_of(const ContainedFilter& filter);

/// The lines of its report about the trials, in their order.
std::vector<std::string> expected_trials(const ContainedFilter& filter);

}  // namespace bulkhead::sandbox
