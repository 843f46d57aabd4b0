// The least solution of linear equations over truth values, written out as a formula without variables. Trusted,
// internal to checker/obligation.
//
//   x_i = constant_i  or  (depends_i[j] and x_j)  for some j
//
// Two ways, which give the same: variables are eliminated one after the other (x = b or (a and x) has the least
// solution b; what an eliminated variable is stands in for it in the others), or the rounds that lead from nothing to
// the solution are written one after the other; as many as there are variables suffice. Elimination of a ring is as
// large as the ring, rounds are its square; where everybody depends on some of many others, rounds are smaller.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "checker/obligation/build.h"

namespace bulkhead::obligation {

struct LinearEquation {
  NodeId constant = Builder::constant(false);
  std::map<std::size_t, NodeId> depends;  // by variable
};

/// x_target. Cost: the smaller one of both, in nodes about variables times equations, or the fill of the elimination.
NodeId least_solution(Builder& build, const std::vector<LinearEquation>& equations, std::size_t target);

/// Each of the two alone, for tests.
NodeId by_elimination(Builder& build, std::vector<LinearEquation> equations, std::size_t target);
NodeId by_rounds(Builder& build, const std::vector<LinearEquation>& equations, std::size_t target);

}  // namespace bulkhead::obligation
