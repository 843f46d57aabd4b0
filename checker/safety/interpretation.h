// What shows that Horn clauses are satisfiable: a meaning of each relation that makes every clause true. Trusted.
#pragma once

#include <vector>

#include "checker/interchange/clauses.h"
#include "checker/safety/evidence.h"

namespace bulkhead::safety {

/// A relation holds of its parameters where the formula is true, which reads nothing else.
struct Meaning {
  std::vector<TermId> parameters;  // variables, one for each argument
  TermId formula;
};
/// By relation. Its terms are of the store of the clauses.
struct Interpretation {
  std::vector<Meaning> relations;
};

/// For each clause what would be true together where the interpretation does not make it true; or why this is no
/// interpretation of these clauses.
Result<std::vector<Condition>, std::string> conditions(interchange::Clauses& clauses,
                                                       const Interpretation& interpretation);

/// Each clause is a question of its own, for who decides them see refuted().
Checked check(interchange::Clauses& clauses, const Interpretation& interpretation,
              const certificate::SolverOptions& options);

}  // namespace bulkhead::safety
