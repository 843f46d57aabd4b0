#include "checker/instances/refutation.h"

#include "checker/instances/clauses.h"
#include "checker/instances/hints.h"
#include "checker/lrat/lrat.h"
#include "checker/sat/sat.h"

namespace bulkhead::instances {

std::optional<std::string> objection(conditions::Terms& terms, const conditions::Condition& condition,
                                     std::string_view hints) {
  const auto list = read(hints);
  if (!list) return "hints that cannot be read";
  Opened opened(terms);
  Clauses clauses(opened);
  for (const TermId hypothesis : condition.hypotheses) clauses.assert_that(hypothesis, true);
  clauses.assert_that(condition.goal, false);
  for (const Hint& hint : *list) {
    const bool done =
        hint.witness ? clauses.witness(hint.quantified) : clauses.instantiate(hint.quantified, hint.values);
    if (!done) return "a hint about nothing";
    if (clauses.is_spent()) return "too many clauses";
  }
  clauses.close();
  const auto proof = sat::refute(clauses.clauses(), kMostConflicts);
  if (!proof) return "the instances do not contradict one another";
  return lrat::objection(clauses.clauses(), *proof);
}

}  // namespace bulkhead::instances
