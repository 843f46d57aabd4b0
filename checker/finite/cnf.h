// Circuits as clauses (Tseitin), only as much of them as is asked for.
#pragma once

#include <functional>
#include <vector>

#include "checker/ground/circuit.h"
#include "checker/sat/sat.h"

namespace bulkhead::finite {

class Cnf {
 public:
  /// Clauses go to `add`. Requires: the circuit outlives this; it may grow.
  Cnf(const ground::Circuit& circuit, std::function<void(const sat::Clause&)> add)
      : circuit_(circuit), add_(std::move(add)) {}

  /// The literal that is true exactly where the bit is. Cost: linear in the gates below it that are new.
  sat::Literal literal(ground::Bit bit);
  /// A variable that no gate has.
  sat::Literal fresh() { return ++variables_; }
  void assert_true(ground::Bit bit) { add_({literal(bit)}); }
  /// The values of all gates in the solver's model; inputs that no clause mentions may be anything, and are false.
  std::vector<bool> model(const sat::Solver& solver) const;

 private:
  const ground::Circuit& circuit_;
  std::function<void(const sat::Clause&)> add_;
  std::vector<sat::Literal> variable_;  // by gate; 0: none yet
  sat::Literal variables_ = 0;
};

}  // namespace bulkhead::finite
