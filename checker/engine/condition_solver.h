// Verification conditions of one system, decided one after the other by one solver. Internal to checker/engine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "checker/conditions/conditions.h"
#include "checker/encode/system_terms.h"
#include "checker/solver/solver.h"
#include "lang/system/step.h"

namespace bulkhead::engine {

/// A structure that makes the hypotheses true and the goal false: a state, and values of the free binders.
struct Counterexample {
  system::Scope scope;
  system::State state;
  system::Binding binding;
};

struct Valid {};
/// Not valid. Counterexamples that are too large to be tables are not given.
struct Invalid {
  std::optional<Counterexample> counterexample;
};
struct Undecided {
  std::string reason;
};
using Validity = std::variant<Valid, Invalid, Undecided>;

class ConditionSolver {
 public:
  /// Requires: `terms` outlives this; it may grow meanwhile.
  ConditionSolver(const conditions::Terms& terms, const solver::Limits& limits);

  Validity decide(const conditions::Condition& condition);
  bool is_valid(const conditions::Condition& condition) { return std::holds_alternative<Valid>(decide(condition)); }
  std::uint64_t asked() const { return asked_; }

 private:
  std::optional<Counterexample> read(const conditions::Condition& condition, const solver::Sat& sat);

  const conditions::Terms& terms_;
  term::Store store_;
  encode::SystemTerms encoding_;
  std::unique_ptr<solver::Solver> solver_;
  std::uint64_t asked_ = 0;
};

}  // namespace bulkhead::engine
