// Which of a system's properties are inductive together. Internal to checker/engine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/conditions/conditions.h"
#include "checker/engine/condition_solver.h"

namespace bulkhead::engine {

/// A conjunct that could not stay: not every initial state has it, or some action does not keep it (as far as is
/// known).
struct Dropped {
  std::size_t conjunct = 0;
  std::string condition;  // "`transfer` keeps `exclusive`"
  Validity why;           // Invalid or Undecided
};

struct Induction {
  std::vector<std::size_t> kept;  // inductive together; in order
  std::vector<Dropped> dropped;   // in the order in which they fell

  bool keeps(std::size_t conjunct) const;
  const Dropped* fall_of(std::size_t conjunct) const;
};

/// Houdini: what some initial state lacks, or some action does not keep under all that is left, is dropped, until
/// nothing more falls. What is left is the largest subset that the solver can show to be inductive.
///
/// Cost: at most conjuncts x (1 + conjuncts x actions) conditions; where little falls, conjuncts x actions.
Induction induct(conditions::Terms& terms, ConditionSolver& solver, const std::vector<conditions::Conjunct>& conjuncts);

/// A subset of `kept` that has `wanted` and is inductive by itself: the conjuncts that its step conditions were seen to
/// need, each tried without.
std::vector<std::size_t> needed(conditions::Terms& terms, ConditionSolver& solver,
                                const std::vector<conditions::Conjunct>& conjuncts,
                                const std::vector<std::size_t>& kept, std::size_t wanted);

}  // namespace bulkhead::engine
