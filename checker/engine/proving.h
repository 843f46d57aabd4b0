// A theorem about every reachable state, for sorts of any size, on its way to a verdict: what is written and what was
// inferred, as far as it is inductive together. Internal to checker/engine.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "checker/conditions/conditions.h"
#include "checker/engine/condition_solver.h"
#include "checker/engine/engine.h"
#include "checker/engine/induction.h"
#include "checker/verdict/verdict.h"

namespace bulkhead::engine {

class Proving {
 public:
  /// `larger` is the system of the theorem, or has further lemmas after those of the system: `written` says how many
  /// properties the system has itself. Requires: `theorem` outlives this.
  Proving(const system::System& larger, std::size_t written, const system::Theorem& theorem,
          const solver::Limits& limits);

  /// Holds or Vacuous, or why neither is shown.
  verdict::Verdict operator()();

  /// The claim is among what is inductive together; what else is, is known afterwards.
  bool is_inductive();
  /// After is_inductive(): why it is not.
  std::string failure() const;
  /// After is_inductive(): what is inductive together, but for the claim.
  Invariants invariants() const;
  /// After is_inductive(): the further lemmas that stayed.
  std::vector<system::PropertyId> kept_lemmas() const;

 private:
  void collect();

  std::size_t written_;
  conditions::Terms terms_;
  const system::Theorem& theorem_;
  std::stop_token stop_;
  ConditionSolver solver_;
  conditions::Conjunct claim_;
  std::vector<conditions::Conjunct> conjuncts_;
  std::vector<verdict::Conjunct> sources_;
  std::size_t claim_index_ = 0;
  std::optional<Induction> induction_;
};

}  // namespace bulkhead::engine
