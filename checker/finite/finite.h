// Searches in one scope by a propositional solver: bounded model checking, k-induction, property-directed reachability.
//
// A new engine: a function below, its file, and its name in the tests that compare all engines with explicit search on
// random systems. Nothing that it says is trusted: runs are replayed, invariants are checked (invariant.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "lang/system/state.h"
#include "lang/system/theorem.h"

namespace bulkhead::finite {

/// Of the Always and Never of a theorem: the closed formula that holds in no reachable state, when negated for Always.
struct Claim {
  system::TermId formula;
  bool always = true;  // the formula holds in every reachable state; otherwise in none
};
/// Requires: the theorem is Always or Never.
Claim claim_of(const system::System& system, const system::Theorem& theorem);

/// Units: depth in steps; `conflicts` for each question to the solver; `questions` in all.
struct Limits {
  std::size_t depth = 64;
  std::uint32_t conflicts = 1'000'000;
  std::size_t questions = 1'000'000;
  std::stop_token stop = {};  // what is under way ends as Open
};

/// One bit of a state, and its value.
struct BitValue {
  std::size_t entry = 0;  // of all tables, one after the other
  std::size_t bit = 0;
  bool value = false;
  friend auto operator<=>(const BitValue&, const BitValue&) = default;
};
/// States with all of these values.
using Cube = std::vector<BitValue>;

/// No reachable state is in any of the cubes; together with the ranges of values and the assumptions that is inductive,
/// and implies the claim, in this scope. With k-induction: the claim itself, and k.
struct Invariant {
  std::vector<Cube> excluded;
  std::size_t k = 1;
};
struct Violated {
  system::Run run;
};
/// No run of at most `depth` steps violates the claim; more is not known, and why.
struct Open {
  std::string why;
  std::optional<std::size_t> depth;
};
using Outcome = std::variant<Violated, Invariant, Open>;

// All require: is_valid(system), the formula is closed, is_tabular(system) => is_scope(system, scope).
// All ensure:  the same answer for the same question.

/// Unrolls one step after the other. A shortest run; never an invariant.
Outcome bounded(const system::System& system, const system::Scope& scope, const Claim& claim, const Limits& limits);

/// The claim holds in the first k states of every run, and after any k states where it does; or a shortest run that
/// the first half came across. See: [Sheeran00].
Outcome k_induction(const system::System& system, const system::Scope& scope, const Claim& claim, const Limits& limits);

/// IC3 over sweeps, with cubes generalised by lifting and by cores. The run is not a shortest one.
/// See: [Bradley11], [Een11].
Outcome reachability(const system::System& system, const system::Scope& scope, const Claim& claim,
                     const Limits& limits);

}  // namespace bulkhead::finite
