#include "checker/engine/condition_solver.h"

#include <algorithm>

#include "checker/conditions/sort_graph.h"

namespace bulkhead::engine {

ConditionSolver::ConditionSolver(const conditions::Terms& terms, const solver::Limits& limits)
    : terms_(terms), encoding_(store_, terms), solver_(solver::make_z3(store_, solver::Theory::General, limits)) {}

Validity ConditionSolver::decide(const conditions::Condition& condition) {
  if (condition.trivial) return Valid{};
  ++asked_;
  const auto assertions = encoding_.counterexample(condition);
  solver_->push();
  for (const term::TermId assertion : assertions) solver_->add(assertion);
  const solver::Answer answer = solver_->check();
  solver_->pop();
  if (std::holds_alternative<solver::Unsat>(answer)) return Valid{};
  if (const auto* unknown = std::get_if<solver::Unknown>(&answer)) {
    const auto outside = conditions::outside_fragment(terms_, condition);
    return Undecided{unknown->reason + (outside ? "; outside of the decidable fragment: " + *outside : "")};
  }
  return Invalid{read(condition, std::get<solver::Sat>(answer))};
}

std::optional<Counterexample> ConditionSolver::read(const conditions::Condition& condition, const solver::Sat& sat) {
  const system::System& system = terms_.system();
  if (!system::is_tabular(system)) return std::nullopt;
  Counterexample found;
  found.scope.sizes.assign(system.sorts.size(), 1);
  if (sat.structure) {
    for (std::size_t i = 0; i < std::min(sat.structure->sizes.size(), system.sorts.size()); ++i) {
      found.scope.sizes[i] = sat.structure->sizes[i];
    }
  } else if (!encoding_.functions().empty()) {
    return std::nullopt;
  }
  if (!system::is_scope(system, found.scope)) return std::nullopt;
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    found.state.tables.emplace_back(system::table_size(system, found.scope, system::FunctionId{i}), 0);
  }
  for (std::size_t i = 0; sat.structure && i < sat.structure->tables.size(); ++i) {
    const auto& table = sat.structure->tables[i];
    auto& mine = found.state.tables.at(encoding_.functions().at(i).index());
    if (table.empty()) continue;  // not asked about this time
    if (table.size() != mine.size()) return std::nullopt;
    for (std::size_t entry = 0; entry < table.size(); ++entry) {
      mine[entry] = static_cast<system::Value>(table[entry].low);
    }
  }
  for (const system::BinderId binder : condition.constants) {
    const auto value = sat.model.find(encoding_.variable(binder));
    found.binding[binder] = value == sat.model.end() ? 0 : static_cast<system::Value>(value->second.low);
  }
  return found;
}

}  // namespace bulkhead::engine
