// Steps of a machine one after the other, in its own terms: a copy of the variables for each moment.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "checker/machine/machine.h"

namespace bulkhead::machine {

/// The state of each moment is terms over the variables of the first and the inputs since.
class Unrolling {
 public:
  /// Requires: the machine outlives this; its arena grows. No two unrollings of one machine have the same prefix.
  explicit Unrolling(Machine& machine, std::string prefix = "m");

  /// In the last moment.
  TermId at(TermId term) { return substitute(machine_.store, term, moments_.back()); }
  std::size_t depth() const { return moments_.size() - 1; }
  /// Adds a moment; whoever uses it asserts that `at(allowed)` held in the one before.
  void extend();
  /// The moments as far as an assignment of the variables gives them.
  Run run(const term::Assignment& values) const;

 private:
  void inputs();

  Machine& machine_;
  std::string prefix_;
  std::vector<std::map<TermId, TermId>> moments_;  // what each latch and each input is
};

/// What is true together iff a run of exactly so many steps is bad.
std::vector<TermId> unrolled(Machine& machine, std::size_t steps);

}  // namespace bulkhead::machine
