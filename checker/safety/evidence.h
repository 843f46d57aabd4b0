// What shows that a machine is safe: an invariant, as conditions that no assignment satisfies. Trusted: an answer of
// `safe` is given only when these have been refuted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/certificate/second_solver.h"
#include "checker/lrat/lrat.h"
#include "checker/machine/machine.h"

namespace bulkhead::safety {

using term::TermId;

/// k = 0: the formula over the latches holds in every reachable state and excludes what is bad. k > 0: k-induction: no
/// k moments one after the other without anything bad lead to something bad; the formula is what is known of every
/// state.
struct Invariant {
  TermId formula;
  std::size_t k = 0;
};

/// Formulas that are not true together where the invariant is one.
struct Condition {
  std::string label;
  std::vector<TermId> all;
};
std::vector<Condition> conditions(machine::Machine& machine, const Invariant& invariant);

/// What holds in every reachable state because it holds at first and speaks of latches that no step changes.
TermId constant_facts(machine::Machine& machine);

enum class Checker : std::uint8_t { Clauses, SecondSolver };
struct Checked {
  std::string objection;  // "": each condition has been refuted
  Checker by = Checker::SecondSolver;
  bool decided = true;  // false: the second solver could not be asked, or does not know
};
/// Whether no condition can be true. Bit-vectors and Booleans: by clauses, whose refutations the checker in the tree
/// accepts. Integers in any of them: by cvc5.
Checked refuted(const term::Store& store, const std::vector<Condition>& all, const certificate::SolverOptions& options);

/// Some condition has integers or arrays: no clauses say what it says.
bool with_integers(const term::Store& store, const std::vector<Condition>& all);

/// A condition as clauses, and their refutation in LRAT: for who wants to search for nothing.
struct Refutation {
  std::vector<lrat::Clause> clauses;
  std::string proof;
};
/// Requires: the condition has no integers. Fails where it can be true.
Result<Refutation, std::string> refute(const term::Store& store, const Condition& condition);
/// Why the proof does not refute the condition; nothing: it does. Requires: the same.
std::optional<std::string> objection(const term::Store& store, const Condition& condition, std::string_view proof);

Checked check(machine::Machine& machine, const Invariant& invariant, const certificate::SolverOptions& options);

}  // namespace bulkhead::safety
