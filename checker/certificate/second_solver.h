// The second solver, as a process of its own: many scripts in one run.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "lang/base/result.h"

namespace bulkhead::certificate {

struct SolverOptions {
  std::string cvc5 = "cvc5";  // a program name or a path
  std::chrono::milliseconds time_per_query{10'000};
  std::uint64_t memory_mib = 2048;
};

enum class Answer : std::uint8_t { Unsat, Sat, Unknown };

/// The answer to each script; Unknown where the solver gave none. Fails where it cannot be run at all.
///
/// Cost: one process; equal scripts are asked once.
Result<std::vector<Answer>> ask(const std::vector<std::string>& scripts, const SolverOptions& options);

/// "cvc5 1.0.3", or why it cannot be run.
Result<std::string> solver_version(const SolverOptions& options);

}  // namespace bulkhead::certificate
