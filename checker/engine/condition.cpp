#include "checker/engine/condition.h"

namespace bulkhead::engine {

Truth Condition::holds(std::span<const Truth> members, const encode::Fields& fields) {
  std::pair key{std::vector<Truth>(members.begin(), members.end()), fields};
  auto found = decided_.find(key);
  if (found == decided_.end()) found = decided_.emplace(std::move(key), decide(members, fields)).first;
  if (found->second.truth == Truth::True) model_ = found->second.model;
  return found->second.truth;
}

Condition::Decided Condition::decide(std::span<const Truth> members, const encode::Fields& fields) {
  const Truth folded = encode::kleene(formula_, members, fields);
  if (folded == Truth::False) return {folded, {}};
  term::Store store;
  encode::Encoding encoding(store, world_, formula_);
  if (folded == Truth::True) return {folded, {encoding.contexts({}), {}, {}}};

  const auto assertions = encoding.assertions(members, fields);
  const auto answer = solver::solve(store, assertions, limits_);
  if (std::holds_alternative<solver::Unsat>(answer)) return {Truth::False, {}};
  if (const auto* unknown = std::get_if<solver::Unknown>(&answer)) {
    reason_ = unknown->reason;
    return {Truth::Unknown, {}};
  }
  const term::Assignment& model = std::get<solver::Sat>(answer).model;
  Decided decided{Truth::True, {encoding.contexts(model), {}, encoding.net_object(model)}};
  for (std::size_t i = 0; i < decided.model.arguments.size(); ++i) {
    const auto field = static_cast<ir::ObjectField>(static_cast<std::size_t>(ir::ObjectField::Argument0) + i);
    decided.model.arguments[i] = encoding.field(model, field);
  }
  return decided;
}

}  // namespace bulkhead::engine
