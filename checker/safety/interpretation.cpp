#include "checker/safety/interpretation.h"

#include <algorithm>
#include <set>

namespace bulkhead::safety {

using interchange::Clause;
using interchange::Clauses;

namespace {

/// Why a meaning is none of this relation; "": it is one.
std::string misfit(const term::Store& store, const term::Symbol& relation, const Meaning& meaning) {
  const std::set<TermId> own(meaning.parameters.begin(), meaning.parameters.end());
  bool fits = own.size() == relation.arguments.size() && meaning.parameters.size() == own.size();
  for (std::size_t i = 0; fits && i < relation.arguments.size(); ++i) {
    const TermId parameter = meaning.parameters[i];
    fits = store.at(parameter).op == term::Op::Variable && store.sort(parameter) == relation.arguments[i];
  }
  if (!fits) return "has other parameters";
  if (!meaning.formula.valid() || meaning.formula.index() >= store.size()) return "has no formula";
  if (store.sort(meaning.formula) != term::kBool) return "is no formula";
  const TermId roots[] = {meaning.formula};
  for (const TermId id : term::reachable(store, roots)) {
    const term::Op op = store.at(id).op;
    if (op == term::Op::Variable && !own.contains(id)) return "reads what is no parameter";
    if (op == term::Op::ForAll || op == term::Op::Apply) return "has quantifiers or relations";
  }
  return "";
}

/// The relation's formula of the arguments of an application.
TermId meant(Clauses& clauses, const Interpretation& interpretation, TermId application) {
  const Meaning& meaning = interpretation.relations[clauses.relation(application)];
  const std::vector<TermId> arguments = clauses.store.at(application).args;  // a copy: the arena grows
  std::map<TermId, TermId> by;
  for (std::size_t i = 0; i < arguments.size(); ++i) by.emplace(meaning.parameters[i], arguments[i]);
  return machine::substitute(clauses.store, meaning.formula, by);
}

}  // namespace

Result<std::vector<Condition>, std::string> conditions(Clauses& clauses, const Interpretation& interpretation) {
  if (interpretation.relations.size() != clauses.relations.size()) {
    return fail(std::string("it does not have one meaning for each relation"));
  }
  for (std::size_t i = 0; i < clauses.relations.size(); ++i) {
    const std::string why = misfit(clauses.store, clauses.store.symbols().at(i), interpretation.relations[i]);
    if (!why.empty()) return fail("the meaning of relation " + std::to_string(i + 1) + " " + why);
  }
  std::vector<Condition> made;
  for (const Clause& clause : clauses.clauses) {
    Condition condition{"the clause of line " + std::to_string(clause.place.line), clause.constraints};
    for (const TermId one : clause.body) condition.all.push_back(meant(clauses, interpretation, one));
    if (clause.head.valid()) {
      condition.all.push_back(clauses.store.negation(meant(clauses, interpretation, clause.head)));
    }
    made.push_back(std::move(condition));
  }
  return made;
}

Checked check(Clauses& clauses, const Interpretation& interpretation, const certificate::SolverOptions& options) {
  const auto all = conditions(clauses, interpretation);
  if (!all) return {all.error(), Checker::SecondSolver};
  return refuted(clauses.store, *all, options);
}

}  // namespace bulkhead::safety
