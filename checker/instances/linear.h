// What comparisons of integers exclude together: sums of up to four of them that say 0 < 0. Trusted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "checker/conditions/terms.h"
#include "checker/sat/sat.h"

namespace bulkhead::instances {

/// coefficients * terms + constant, over the integers of mathematics. Terms that are no sums stand for themselves.
struct Sum {
  std::map<system::TermId, std::int64_t> coefficients;  // none is 0
  std::int64_t constant = 0;
};

/// None: a coefficient or constant that is larger than any sum needs.
std::optional<Sum> sum_of(const conditions::Terms& terms, system::TermId integer);
std::optional<Sum> difference(const Sum& a, const Sum& b);

/// Facts of the form "where the literal is true, the sum is 0 or less".
class Bounds {
 public:
  /// More facts than this are left out.
  static constexpr std::size_t kMostFacts = 120;

  void add(sat::Literal literal, const Sum& sum);

  /// Clauses that say which facts contradict each other: each names two, three or four whose sums add up to a positive
  /// constant (a single one too).
  ///
  /// Soundness: each clause is true of all integers; others that are may be missing. Cost: the square of the facts.
  std::vector<sat::Clause> contradictions() const;

 private:
  struct Fact {
    sat::Literal literal;
    Sum sum;
  };
  std::vector<Fact> facts_;
};

}  // namespace bulkhead::instances
