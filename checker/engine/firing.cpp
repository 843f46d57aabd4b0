#include "checker/engine/firing.h"

#include <algorithm>

#include "checker/conditions/conditions.h"
#include "checker/conditions/sort_graph.h"
#include "checker/explore/growth.h"

namespace bulkhead::engine {
namespace {

/// Elements of each sort, and work for each scope.
constexpr std::uint32_t kLargest = 2;
constexpr std::uint64_t kWork = 400'000;

}  // namespace

std::vector<system::ActionId> unseen_actions(const system::System& system) {
  std::vector<system::ActionId> unseen;
  for (std::size_t i = 0; i < system.actions.size(); ++i) unseen.emplace_back(i);
  if (!system::is_tabular(system)) return unseen;
  explore::Options options;
  options.work = kWork;
  options.bytes = std::uint64_t{64} << 20u;
  options.reduction = explore::Reduction::Renames;
  for (const system::Scope& scope : explore::scopes(system, {}, kLargest)) {
    if (unseen.empty()) break;
    if (!system::is_scope(system, scope)) continue;
    const explore::Coverage coverage = explore::cover(system, scope, options);
    std::erase_if(unseen, [&](system::ActionId action) { return coverage.witnesses[action.index()].has_value(); });
  }
  return unseen;
}

Enabled enabled(const system::System& system, system::ActionId action) {
  conditions::Terms terms(system);
  std::vector<system::BinderId> binders;
  conditions::Substitution arguments;
  for (const system::BinderId parameter : system.at(action).parameters) {
    binders.push_back(terms.fresh(parameter));
    arguments.emplace(parameter, terms.bound(binders.back()));
  }
  const system::TermId guard = conditions::instantiate(terms, system.at(action).guard, arguments);
  const system::TermId formula = terms.quantified(system::Op::Exists, std::move(binders), guard);
  return {terms.system(), formula};
}

std::vector<Outside> outside_of_fragment(const system::System& system) {
  conditions::Terms terms(system);
  std::vector<conditions::Conjunct> conjuncts;
  std::vector<system::PropertyId> properties;
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    const system::Property& property = system.properties[i];
    if (property.kind == system::PropertyKind::Assumption) continue;
    conjuncts.push_back({property.name, property.formula});
    properties.emplace_back(i);
  }
  std::vector<Outside> found;
  const auto look = [&](system::PropertyId property, const conditions::Condition& condition) {
    if (condition.trivial) return;
    const auto reason = conditions::outside_fragment(terms, condition);
    const auto same = [&](const Outside& one) { return one.reason == *reason; };
    if (reason && std::none_of(found.begin(), found.end(), same)) found.push_back({property, condition.label, *reason});
  };
  for (std::size_t k = 0; k < conjuncts.size(); ++k) {
    look(properties[k], conditions::base(terms, conjuncts[k]));
    for (std::size_t i = 0; i < system.actions.size(); ++i) {
      look(properties[k], conditions::step(terms, conjuncts, system::ActionId{i}, conjuncts[k]));
    }
  }
  return found;
}

}  // namespace bulkhead::engine
