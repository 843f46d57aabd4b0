#include "checker/safety/interpretation.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>

namespace bulkhead::safety {

using interchange::Clause;
using interchange::Clauses;

namespace {

/// Nothing but these variables, and no quantifier or relation.
bool reads_only(const term::Store& store, TermId root, const std::set<TermId>& variables) {
  if (!root.valid() || root.index() >= store.size()) return false;
  const TermId roots[] = {root};
  const std::vector<TermId> all = term::reachable(store, roots);
  return std::all_of(all.begin(), all.end(), [&](TermId id) {
    const term::Op op = store.at(id).op;
    return op != term::Op::ForAll && op != term::Op::Apply && (op != term::Op::Variable || variables.contains(id));
  });
}

/// Why a meaning is none of this relation; "": it is one.
std::string misfit(const term::Store& store, const term::Symbol& relation, const Meaning& meaning) {
  std::set<TermId> own;
  const auto is_new = [&](TermId id, term::Sort sort) {
    const bool variable = id.valid() && id.index() < store.size() && store.at(id).op == term::Op::Variable;
    return variable && store.sort(id) == sort && own.insert(id).second;
  };
  bool fits = meaning.parameters.size() == relation.arguments.size();
  for (std::size_t i = 0; fits && i < relation.arguments.size(); ++i) {
    fits = is_new(meaning.parameters[i], relation.arguments[i]);
  }
  if (!fits) return "has other parameters";
  for (const interchange::IntegerDivision& one : meaning.divisions) {
    const bool divides = reads_only(store, one.of, own) && store.sort(one.of) == term::kInt && one.by != 0 &&
                         one.by != std::numeric_limits<std::int64_t>::min();
    if (!divides || !is_new(one.quotient, term::kInt) || !is_new(one.rest, term::kInt)) return "divides wrongly";
  }
  if (!reads_only(store, meaning.formula, own)) return "reads what is no parameter, or has quantifiers or relations";
  return store.sort(meaning.formula) == term::kBool ? "" : "is no formula";
}

/// The relation's formula of the arguments of an application.
class Meant {
 public:
  Meant(Clauses& clauses, const Interpretation& interpretation, const Clause& clause)
      : clauses_(clauses), interpretation_(interpretation), clause_(clause) {}

  /// Adds what holds of what is divided to `all`.
  TermId operator()(TermId application, std::vector<TermId>& all) {
    const Meaning& meaning = interpretation_.relations[clauses_.relation(application)];
    const std::vector<TermId> arguments = clauses_.store.at(application).args;  // a copy: the arena grows
    std::map<TermId, TermId> by;
    for (std::size_t i = 0; i < arguments.size(); ++i) by.emplace(meaning.parameters[i], arguments[i]);
    for (const interchange::IntegerDivision& one : meaning.divisions) {
      const TermId of = machine::substitute(clauses_.store, one.of, by);
      const interchange::IntegerDivision here{of, one.by, fresh(), fresh()};
      const std::vector<TermId> hold = interchange::facts(clauses_.store, here);
      all.insert(all.end(), hold.begin(), hold.end());
      by.emplace(one.quotient, here.quotient);
      by.emplace(one.rest, here.rest);
    }
    return machine::substitute(clauses_.store, meaning.formula, by);
  }

 private:
  /// A variable that the clause does not have, each time another one.
  TermId fresh() {
    TermId made;
    do {
      made = clauses_.store.variable("e" + std::to_string(count_++), term::kInt);
    } while (clause_.variables.contains(made));
    return made;
  }

  Clauses& clauses_;
  const Interpretation& interpretation_;
  const Clause& clause_;
  std::size_t count_ = 0;
};

}  // namespace

std::optional<std::string> misfit(const Clauses& clauses, const Interpretation& interpretation) {
  if (interpretation.relations.size() != clauses.relations.size())
    return "it does not have one meaning for each relation";
  for (std::size_t i = 0; i < clauses.relations.size(); ++i) {
    const std::string why = misfit(clauses.store, clauses.store.symbols().at(i), interpretation.relations[i]);
    if (!why.empty()) return "the meaning of relation " + std::to_string(i + 1) + " " + why;
  }
  return std::nullopt;
}

Condition condition(Clauses& clauses, std::size_t place, const Interpretation& interpretation) {
  const Clause& clause = clauses.clauses[place];
  Meant meant(clauses, interpretation, clause);
  Condition made{"the clause of line " + std::to_string(clause.place.line), clause.constraints};
  for (const TermId one : clause.body) {
    const TermId formula = meant(one, made.all);
    made.all.push_back(formula);
  }
  if (clause.head.valid()) {
    const TermId formula = meant(clause.head, made.all);
    made.all.push_back(clauses.store.negation(formula));
  }
  return made;
}

Result<std::vector<Condition>, std::string> conditions(Clauses& clauses, const Interpretation& interpretation) {
  if (const auto why = misfit(clauses, interpretation)) return fail(*why);
  std::vector<Condition> made;
  for (std::size_t i = 0; i < clauses.clauses.size(); ++i) made.push_back(condition(clauses, i, interpretation));
  return made;
}

Checked check(Clauses& clauses, const Interpretation& interpretation, const certificate::SolverOptions& options) {
  const auto all = conditions(clauses, interpretation);
  if (!all) return {all.error(), Checker::SecondSolver};
  return refuted(clauses.store, *all, options);
}

}  // namespace bulkhead::safety
