// One child process with text in and text out, bounded in time and memory. No shell takes part.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "lang/base/result.h"

namespace bulkhead::process {

struct ProcessLimits {
  std::chrono::milliseconds time{10'000};
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();  // if that is sooner
  std::uint64_t memory_mib = 2048;                                                                // of address space
  std::size_t output_bytes = 16u << 20u;
  std::stop_token stop = {};  // the child is killed soon after it is asked for
};

struct ProcessOutput {
  std::string text;  // standard output and standard error as they came
  bool timed_out = false;
  int exit_status = -1;  // -1: ended by a signal
};

/// Runs arguments[0], found on PATH where it has no '/', with `input` as standard input.
Result<ProcessOutput> run_process(const std::vector<std::string>& arguments, const std::string& input,
                                  const ProcessLimits& limits);

}  // namespace bulkhead::process
