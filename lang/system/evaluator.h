// The value of terms in one state. Part of the reference semantics (step.h), which says what it requires.
#pragma once

#include <cstddef>
#include <optional>

#include "lang/system/step.h"

namespace bulkhead::system {

class Evaluator {
 public:
  /// Requires: the references outlive this.
  Evaluator(const System& system, const Scope& scope, const State& state, Binding binding)
      : system_(system), scope_(scope), state_(state), binding_(std::move(binding)) {}

  /// The values of the binders; callers may bind more of them between two calls.
  Binding& binding() { return binding_; }
  /// None: beyond (step.h). What it takes counts towards one bound for all calls.
  std::optional<Value> value(TermId id);

 private:
  std::optional<Value> junction(const Term& term, bool decisive);
  std::optional<Value> relation(const Term& term);
  std::optional<Value> arithmetic(const Term& term);
  std::optional<Value> apply(const Term& term);
  std::optional<Value> quantifier(const Term& term, bool decisive);

  const System& system_;
  const Scope& scope_;
  const State& state_;
  Binding binding_;
  std::size_t work_ = 0;
};

}  // namespace bulkhead::system
