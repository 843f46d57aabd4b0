#include "checker/safety/decide_problem.h"

#include <type_traits>
#include <utility>

#include "checker/safety/decide.h"
#include "checker/safety/decide_clauses.h"

namespace bulkhead::safety {

namespace {

/// The answer of either decision in one form.
struct ToShown {
  using Answer = std::variant<Shown, Unknown>;
  Answer operator()(Safe& safe) const { return Shown{safe.invariant, safe.checked_by}; }
  Answer operator()(Satisfiable& one) const { return Shown{std::move(one.interpretation), one.checked_by}; }
  Answer operator()(Unsafe& unsafe) const { return Shown{std::move(unsafe.run)}; }
  Answer operator()(Unsatisfiable& one) const { return Shown{std::move(one.derivation)}; }
  Answer operator()(Unknown& unknown) const { return std::move(unknown); }
};

template <typename Answer>
ProblemDecision told(Decided<Answer> decision) {
  return {std::visit(ToShown{}, decision.answer), decision.engine, decision.searched, decision.checked};
}

}  // namespace

ProblemDecision decide(Problem& problem, const Options& options) {
  if (problem.machine) {
    return told(decide(*problem.machine, problem.text, options, problem.clauses ? &*problem.clauses : nullptr));
  }
  return told(decide(*problem.clauses, problem.text, options));
}

}  // namespace bulkhead::safety
