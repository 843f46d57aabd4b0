// What shows that Horn clauses are satisfiable: a meaning of each relation that makes every clause true. Trusted.
#pragma once

#include <vector>

#include "checker/interchange/clauses.h"
#include "checker/interchange/smt_terms.h"
#include "checker/safety/evidence.h"

namespace bulkhead::safety {

/// A relation holds of its parameters where the formula is true, which reads nothing else but what is divided.
struct Meaning {
  std::vector<TermId> parameters;  // variables, one for each argument
  TermId formula;
  std::vector<interchange::IntegerDivision> divisions = {};  // each of the parameters and of earlier ones
};
/// By relation. Its terms are of the store of the clauses.
struct Interpretation {
  std::vector<Meaning> relations;
};

/// Why this is no interpretation of these clauses; nothing: it is one.
std::optional<std::string> misfit(const interchange::Clauses& clauses, const Interpretation& interpretation);
/// What would be true together where the interpretation does not make the clause of this place true. What is divided
/// stands as new variables with their facts: they have one value each, so that this is the same.
///
/// Requires: !misfit(clauses, interpretation).
Condition condition(interchange::Clauses& clauses, std::size_t clause, const Interpretation& interpretation);
/// Of each clause; or why this is no interpretation.
Result<std::vector<Condition>, std::string> conditions(interchange::Clauses& clauses,
                                                       const Interpretation& interpretation);

/// Each clause is a question of its own, for who decides them see refuted().
Checked check(interchange::Clauses& clauses, const Interpretation& interpretation,
              const certificate::SolverOptions& options);

}  // namespace bulkhead::safety
