// machine::Machine: a transition system over plain variables (Booleans, integers, bit-vectors), what the field's
// formats describe; and the judge of its runs.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/term/term.h"

namespace bulkhead::machine {

using term::TermId;

/// A variable of the state, and its value after a step.
struct Latch {
  TermId now;   // a variable
  TermId next;  // reads latches and inputs
};
/// Something that must not come true. Reads latches and inputs.
struct Bad {
  std::string name;
  TermId condition;
};

/// A state is a value for each latch. A run starts where `initial` holds and goes on while `allowed` holds; it is safe
/// where no condition of `bad` ever comes true, whatever the inputs are. No term has quantifiers or functions.
struct Machine {
  term::Store store;
  std::vector<Latch> state;
  std::vector<TermId> inputs;  // variables; they have new values at each moment
  TermId initial{0};           // reads latches alone
  TermId allowed{0};           // reads latches and inputs: a step may be made
  std::vector<Bad> bad;
};

/// A moment of a run: the values of latches and inputs, in their order.
struct Moment {
  std::vector<term::Word> state;
  std::vector<term::Word> inputs;
};
/// A run into its last moment, which is bad.
struct Run {
  std::vector<Moment> moments;
};

/// Longer runs are refused: what is replayed may come from anywhere.
inline constexpr std::size_t kMaxMoments = std::size_t{1} << 16;

/// Why the moments are no run of the machine into a bad moment; nothing: they are one. Trusted: it evaluates every
/// term.
///
/// Integers are computed with 64 bits; what needs more is an objection.
std::optional<std::string> objection(const Machine& machine, const Run& run);

/// Which condition of `bad` is true in the last moment. Requires: !objection(machine, run).
std::size_t violated(const Machine& machine, const Run& run);

/// Every one of `bad`, joined.
TermId any_bad(Machine& machine);

/// Some latch or input is an integer: the machine has no finite form.
bool has_integers(const Machine& machine);

/// The term with these in the place of variables. Variables that are not listed stay.
TermId substitute(term::Store& store, TermId term, const std::map<TermId, TermId>& by);
/// Several at once.
std::vector<TermId> substitute(term::Store& store, const std::vector<TermId>& terms,
                               const std::map<TermId, TermId>& by);

}  // namespace bulkhead::machine
