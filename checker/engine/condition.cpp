#include "checker/engine/condition.h"

namespace bulkhead::engine {
namespace {

using obligation::Kleene;
using obligation::NodeKind;

/// By VariableId: its value is at least this.
std::vector<bool> at_least(Kleene least, const obligation::Formula& formula, const std::vector<Kleene>& values) {
  std::vector<bool> variables;
  for (const obligation::NodeId equation : formula.equations) variables.push_back(values[equation.index()] >= least);
  return variables;
}

}  // namespace

Truth Condition::holds(std::span<const Truth> members, const encode::Fields& fields) {
  const Decided& found = decided(members, fields);
  if (found.truth == Truth::True) model_ = found.model;
  return found.truth;
}

std::vector<bool> Condition::closed(std::span<const Truth> members) {
  const Decided& found = decided(members, {});
  return found.truth == Truth::Unknown ? std::vector<bool>(formula_.equations.size(), true) : found.closed;
}

std::vector<verdict::ClosedClass> Condition::closed_classes(const std::set<std::vector<bool>>& members) {
  std::map<std::vector<bool>, std::vector<std::vector<bool>>> classes;
  for (const std::vector<bool>& one : members) {
    std::vector<Truth> truths;
    for (const bool member : one) truths.push_back(member ? Truth::True : Truth::False);
    classes[closed(truths)].push_back(one);
  }
  std::vector<verdict::ClosedClass> list;
  for (auto& [variables, kinds] : classes) list.push_back({std::move(kinds), variables});
  return list;
}

const Condition::Decided& Condition::decided(std::span<const Truth> members, const encode::Fields& fields) {
  std::pair key{std::vector<Truth>(members.begin(), members.end()), fields};
  const auto found = decided_.find(key);
  if (found != decided_.end()) return found->second;
  return decided_.emplace(std::move(key), decide(members, fields)).first->second;
}

Condition::Decided Condition::decide(std::span<const Truth> members, const encode::Fields& fields) {
  if (!formula_.root.valid()) return {Truth::False, {}, {}};
  auto values = encode::node_values(formula_, members, fields);
  // What may be true is closed as well, and enough where the formula is false all the same.
  auto closed = at_least(Kleene::Open, formula_, values);
  if (values[formula_.root.index()] == Kleene::Open && closed != at_least(Kleene::True, formula_, values)) {
    if (!find_contexts(members, values)) return {Truth::Unknown, {}, {}};
    closed = at_least(Kleene::Open, formula_, values);
  }
  if (values[formula_.root.index()] == Kleene::False) return {Truth::False, {}, std::move(closed)};
  if (values[formula_.root.index()] == Kleene::True) {
    term::Store store;
    return {Truth::True, {encode::Encoding(store, world_, formula_).contexts({}), {}, {}}, std::move(closed)};
  }
  return ask_solver(members, fields, std::move(closed));
}

/// Asks for each NoContext that memberships leave open: equations have no other contexts, so they are decided then.
/// False: nobody could tell, or memberships are unknown.
bool Condition::find_contexts(std::span<const Truth> members, std::vector<Kleene>& values) {
  for (const Truth member : members) {
    if (member != Truth::Unknown) continue;
    reason_ = "rights on addresses are handed on among too many ranges";
    return false;
  }
  for (std::size_t i = 0; i < formula_.nodes.size(); ++i) {
    const obligation::Node& node = formula_.nodes[i];
    if (node.kind != NodeKind::NoContext || values[i] != Kleene::Open) continue;
    term::Store store;
    encode::Encoding encoding(store, world_, formula_);
    const auto answer = solver::solve(store, encoding.assertions(members, {}, {}, node.children.front()), limits_);
    if (const auto* unknown = std::get_if<solver::Unknown>(&answer)) {
      reason_ = unknown->reason;
      return false;
    }
    values[i] = obligation::kleene(std::holds_alternative<solver::Unsat>(answer));
  }
  values = encode::node_values(formula_, members, {}, values);
  return true;
}

Condition::Decided Condition::ask_solver(std::span<const Truth> members, const encode::Fields& fields,
                                         std::vector<bool> closed) {
  term::Store store;
  encode::Encoding encoding(store, world_, formula_);
  const auto assertions = encoding.assertions(members, fields, closed);
  const auto answer = solver::solve(store, assertions, limits_);
  if (std::holds_alternative<solver::Unsat>(answer)) return {Truth::False, {}, std::move(closed)};
  if (const auto* unknown = std::get_if<solver::Unknown>(&answer)) {
    reason_ = unknown->reason;
    return {Truth::Unknown, {}, {}};
  }
  const term::Assignment& model = std::get<solver::Sat>(answer).model;
  Decided decided{Truth::True, {encoding.contexts(model), {}, encoding.net_object(model)}, std::move(closed)};
  for (std::size_t i = 0; i < decided.model.arguments.size(); ++i) {
    const auto field = static_cast<ir::ObjectField>(static_cast<std::size_t>(ir::ObjectField::Argument0) + i);
    decided.model.arguments[i] = encoding.field(model, field);
  }
  return decided;
}

}  // namespace bulkhead::engine
