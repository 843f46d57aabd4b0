// What a search for invariants looks at: which sums of the arguments of a relation, between which numbers, apart in
// which cases. Taken from what the clauses compare.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/interchange/clauses.h"
#include "checker/interchange/smt_terms.h"

namespace bulkhead::safety {

using term::TermId;

/// Of one relation.
struct Template {
  std::vector<TermId> parameters;  // variables, one for each argument
  std::vector<TermId> numbers;     // those of sort Int
  std::vector<TermId> terms;       // of sort Int, over the parameters: each is bounded by thresholds
  std::vector<TermId> cases;       // Boolean, over the parameters and what is divided: each of their valuations has
                                   // bounds of its own
  std::vector<interchange::IntegerDivision> divisions = {};  // that the cases read
};

/// How much is looked at.
struct Effort {
  bool pairs = false;                 // sums and differences of two arguments
  std::size_t cases = 0;              // at most so many conditions of the clauses
  std::optional<std::size_t> parity;  // the argument of this place among the numbers, whether it is even
};

/// By relation. The arena of the clauses grows.
std::vector<Template> templates(interchange::Clauses& clauses, const Effort& effort);

/// The numbers that the clauses name, their neighbours and opposites, ascending; at most kMaxThresholds.
std::vector<std::int64_t> thresholds(const interchange::Clauses& clauses);
inline constexpr std::size_t kMaxThresholds = 48;

}  // namespace bulkhead::safety
