#include "checker/conditions/within.h"

#include <string>
#include <utility>

namespace bulkhead::conditions {

TermId before(Terms& terms, TermId formula) {
  std::vector<TermId> ways;
  for (std::size_t i = 0; i < terms.system().actions.size(); ++i) {
    const ActionId action{i};
    const auto parameters = terms.system().at(action).parameters;
    // Fresh parameters: the formula may hold those of a later step of the same action.
    Substitution arguments;
    std::vector<BinderId> fresh;
    for (const BinderId parameter : parameters) {
      fresh.push_back(terms.fresh(parameter));
      arguments.emplace(parameter, terms.bound(fresh.back()));
    }
    const TermId guard = instantiate(terms, terms.system().at(action).guard, arguments);
    const TermId then = after(terms, action, arguments, formula);
    ways.push_back(terms.quantified(system::Op::Exists, std::move(fresh), terms.conjunction({guard, then})));
  }
  return terms.disjunction(std::move(ways));
}

std::optional<std::vector<Condition>> within(Terms& terms, const Conjunct& claim, std::uint32_t steps) {
  std::vector<Condition> list;
  TermId violated = terms.negation(claim.formula);
  for (std::uint32_t i = 0; i <= steps; ++i) {
    if (i > 0) violated = before(terms, violated);
    list.push_back(base(terms, {claim.name + " after " + std::to_string(i) + " steps", terms.negation(violated)}));
    if (violated == terms.truth(false)) break;  // nothing leads there, from however far
    if (terms.system().terms.size() > kMaxTermsBack) return std::nullopt;
  }
  return list;
}

}  // namespace bulkhead::conditions
