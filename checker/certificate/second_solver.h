// The second solver, as a process of its own: many scripts in one run.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lang/base/result.h"

namespace bulkhead::certificate {

struct SolverOptions {
  std::string cvc5 = "cvc5";  // a program name or a path
  std::chrono::milliseconds time_per_query{10'000};
  std::uint64_t memory_mib = 2048;
  unsigned jobs = 1;  // threads that prepare scripts, and solver processes at once
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();  // of everything
};

enum class Answer : std::uint8_t { Unsat, Sat, Unknown };

/// The answer to each script; Unknown where the solver gave none. Fails where it cannot be run at all.
///
/// Cost: one process, or up to options.jobs where there are many scripts; equal scripts are asked once.
Result<std::vector<Answer>> ask(const std::vector<std::string_view>& scripts, const SolverOptions& options);

/// "cvc5 1.0.3", or why it cannot be run.
Result<std::string> solver_version(const SolverOptions& options);

}  // namespace bulkhead::certificate
