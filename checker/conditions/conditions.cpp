#include "checker/conditions/conditions.h"

#include <algorithm>
#include <set>

#include "lang/base/check.h"

namespace bulkhead::conditions {
namespace {

void finish(const Terms& terms, Condition& condition) {
  std::set<BinderId> free;
  const auto collect = [&](TermId term) {
    const auto found = free_binders(terms.system(), term);
    free.insert(found.begin(), found.end());
  };
  for (const TermId hypothesis : condition.hypotheses) collect(hypothesis);
  collect(condition.goal);
  condition.constants.assign(free.begin(), free.end());
  const system::Term& goal = terms.at(condition.goal);
  const bool truth = goal.op == system::Op::Constant && goal.value != 0;
  condition.trivial = truth || std::find(condition.hypotheses.begin(), condition.hypotheses.end(), condition.goal) !=
                                   condition.hypotheses.end();
}

std::vector<TermId> at_any_time(const Terms& terms, std::span<const Conjunct> conjuncts) {
  std::vector<TermId> hypotheses = assumptions(terms.system());
  for (const Conjunct& conjunct : conjuncts) hypotheses.push_back(conjunct.formula);
  return hypotheses;
}

std::vector<TermId> at_first(Terms& terms) {
  std::vector<TermId> hypotheses = assumptions(terms.system());
  const TermId initially = terms.system().initially;
  if (initially.valid()) hypotheses.push_back(at_start(terms, initially));
  return hypotheses;
}

std::string quoted(const std::string& name) {
  return "`" + name + "`";
}

}  // namespace

std::vector<TermId> assumptions(const system::System& system) {
  std::vector<TermId> formulas;
  for (const system::Property& property : system.properties) {
    if (property.kind == system::PropertyKind::Assumption) formulas.push_back(property.formula);
  }
  return formulas;
}

Condition condition(const Terms& terms, Part part, std::string label, std::vector<TermId> hypotheses, TermId goal) {
  Condition made{part, std::move(label), std::move(hypotheses), goal, {}, false};
  finish(terms, made);
  return made;
}

Condition base(Terms& terms, const Conjunct& conjunct) {
  auto hypotheses = at_first(terms);
  const TermId goal = at_start(terms, conjunct.formula);
  return condition(terms, Part::Base, quoted(conjunct.name) + " holds initially", std::move(hypotheses), goal);
}

Condition step(Terms& terms, std::span<const Conjunct> conjuncts, ActionId action, const Conjunct& kept) {
  auto hypotheses = at_any_time(terms, conjuncts);
  hypotheses.push_back(terms.system().at(action).guard);
  const TermId goal = after(terms, action, {}, kept.formula);
  const std::string label = quoted(terms.system().at(action).name) + " keeps " + quoted(kept.name);
  return condition(terms, Part::Step, label, std::move(hypotheses), goal);
}

Condition implication(Terms& terms, std::span<const Conjunct> conjuncts, const Conjunct& claim) {
  return condition(terms, Part::Implication, quoted(claim.name) + " follows", at_any_time(terms, conjuncts),
                   claim.formula);
}

Condition no_initial_state(Terms& terms) {
  auto hypotheses = at_first(terms);
  const TermId nothing = terms.truth(false);
  return condition(terms, Part::Base, "there is no initial state", std::move(hypotheses), nothing);
}

bool is_invariant(const system::Theorem& theorem) {
  return std::holds_alternative<system::Always>(theorem.statement) ||
         std::holds_alternative<system::Never>(theorem.statement);
}

Conjunct claimed(Terms& terms, const system::Theorem& theorem) {
  if (const auto* always = std::get_if<system::Always>(&theorem.statement)) {
    const system::Property& property = terms.system().at(always->property);
    return {property.name, property.formula};
  }
  const auto* never = std::get_if<system::Never>(&theorem.statement);
  BH_CHECK(never != nullptr, "the claim is about every reachable state");
  return {"unreachable", terms.negation(never->formula)};
}

}  // namespace bulkhead::conditions
