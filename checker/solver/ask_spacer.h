// Asks Spacer in a child process: it has no limits of its own that hold.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

namespace bulkhead::solver {

struct SpacerOptions {
  /// Started as `program spacer-worker NAME=VALUE...`, with the clauses as its input. Empty: nobody is asked.
  std::string program;
  std::chrono::milliseconds time{20'000};  // of each of its attempts
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::uint64_t memory_mib = 2048;  // of address space
  std::uint64_t resource = 0;       // in the solver's steps, so that answers repeat; 0: no limit
  std::uint32_t seed = 0;
  bool transformed =
      true;            // the clauses, before they are solved; false: they are left as they are, which may be harder
  bool steps = false;  // of contradictions: see SpacerAnswer
  std::stop_token stop = {};  // the child is killed soon after it is asked for
};

struct SpacerAnswer {
  enum class Kind : std::uint8_t { Satisfiable, Unsatisfiable, None } kind = Kind::None;
  /// Of Satisfiable: an interpretation of the relations; of None: why; of Unsatisfiable, where steps are asked for and
  /// another attempt tells them, `(CONCLUSION PREMISE ...)` on each line, premises first: facts of the relations, or of
  /// others that the solver has made.
  std::string text;
};

/// Whether the Horn clauses (SMT-LIB 2) are satisfiable, in up to three attempts with other settings.
SpacerAnswer ask_spacer(const std::string& clauses, const SpacerOptions& options);

}  // namespace bulkhead::solver
