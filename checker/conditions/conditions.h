// Verification conditions: formulas about one state, whose validity shows that a set of conjuncts holds in every
// reachable state of a system. Trusted.
//
//   base         what holds in every initial state            assumptions, initially              => conjunct
//   step         what one action keeps                        assumptions, conjuncts, its guard   => conjunct
//   afterwards implication  what follows in every state                  assumptions, conjuncts              => claim
//
// Every conjunct has a base condition, and a step condition for each action: when all of them are valid, the conjuncts
// hold in every reachable state, whatever the sizes of the sorts; when the implication is valid too, so does the claim.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checker/conditions/substitute.h"
#include "checker/conditions/terms.h"
#include "lang/system/theorem.h"

namespace bulkhead::conditions {

/// A closed formula with the name that messages use.
struct Conjunct {
  std::string name;  // "exclusive"
  TermId formula;
};

enum class Part : std::uint8_t { Base, Step, Implication };  // what follows: the claim, a condition of unwinding

/// Valid iff no structure of the system's sorts and functions, with any values for the free binders, makes every
/// hypothesis true and the goal false.
struct Condition {
  Part part = Part::Base;
  std::string label;  // "`transfer` keeps `exclusive`"
  std::vector<TermId> hypotheses;
  TermId goal;
  std::vector<BinderId> constants;  // the free binders: the parameters of the action

  /// The goal is true, or one of the hypotheses: an action that writes nothing which the conjunct reads.
  bool trivial = false;
};

/// A condition with these hypotheses; everything else follows from them.
Condition condition(const Terms& terms, Part part, std::string label, std::vector<TermId> hypotheses, TermId goal);

/// The assumptions of the system, then what the conjuncts say.
std::vector<TermId> assumptions(const system::System& system);

Condition base(Terms& terms, const Conjunct& conjunct);
Condition step(Terms& terms, std::span<const Conjunct> conjuncts, ActionId action, const Conjunct& kept);
Condition implication(Terms& terms, std::span<const Conjunct> conjuncts, const Conjunct& claim);

/// There is no initial state at all: valid iff every claim about the system is vacuous.
Condition no_initial_state(Terms& terms);

/// The property that a theorem claims of every reachable state. Requires: it is Always or Never.
Conjunct claimed(Terms& terms, const system::Theorem& theorem);

/// Whether claimed() may be asked.
bool is_invariant(const system::Theorem& theorem);

}  // namespace bulkhead::conditions
