// What a decision is asked with, and what it tells beside its answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "checker/certificate/second_solver.h"
#include "checker/safety/derivation.h"
#include "checker/solver/ask_spacer.h"

namespace bulkhead::safety {

struct Options {
  std::chrono::milliseconds time{60'000};  // of the search
  std::uint64_t memory_mib = 2048;         // of the child
  std::uint32_t seed = 0;
  /// Asks Spacer: started as `program spacer-worker`, with a script as its input. Empty: nobody asks it.
  std::string program = "/proc/self/exe";
  certificate::SolverOptions second_solver;
};

/// How Spacer is asked: half of the time for each of its attempts, so that a second one has some.
solver::SpacerOptions spacer_options(const Options& options, std::stop_token stop);

struct Unknown {
  std::string reason;
};
/// Of Horn clauses.
struct Unsatisfiable {
  Derivation derivation;  // replayed
};

/// `Answer`: a variant with Unknown; its other answers have evidence that was accepted.
template <typename Answer>
struct Decided {
  Answer answer;
  std::string engine;  // that found it: "ic3", "unrolling", "k-induction", "spacer"
  std::chrono::milliseconds searched{0}, checked{0};
};

}  // namespace bulkhead::safety
