// Is a machine safe? Every engine side by side, each answer with evidence that has been checked.
#pragma once

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "checker/interchange/read_horn.h"
#include "checker/safety/evidence.h"

namespace bulkhead::safety {

struct Options {
  std::chrono::milliseconds time{60'000};  // of the search
  std::uint64_t memory_mib = 2048;         // of the child
  std::uint32_t seed = 0;
  /// Asks Spacer: started as `program spacer-worker`, with a script as its input. Empty: nobody asks it.
  std::string program = "/proc/self/exe";
  certificate::SolverOptions second_solver;
};

struct Safe {
  Invariant invariant;
  Checker checked_by = Checker::Clauses;
};
struct Unsafe {
  machine::Run run;  // replayed
};
struct Unknown {
  std::string reason;
};
struct Decision {
  std::variant<Safe, Unsafe, Unknown> answer;
  std::string engine;  // that found it: "ic3", "unrolling", "k-induction", "spacer"
  std::chrono::milliseconds searched{0}, checked{0};
};

/// `text`: the clauses that the relations of `horn` are those of. The arena of its machine grows.
///
/// Bit-vectors: IC3 beside unrolling and k-induction, on CaDiCaL. Integers: Spacer in a child, beside unrolling and
/// k-induction on Z3. An answer that does not pass its check is Unknown.
Decision decide(interchange::Horn& horn, const std::string& text, const Options& options);

/// A machine alone, with clauses of its own.
interchange::Horn as_horn(machine::Machine machine);

}  // namespace bulkhead::safety
