#include "lang/system/step.h"

#include "lang/system/choices.h"
#include "lang/system/evaluator.h"

namespace bulkhead::system {
namespace {

Answer answer(const std::optional<Value>& truth) {
  if (!truth) return Answer::Beyond;
  return *truth != 0 ? Answer::Yes : Answer::No;
}

/// Each State function that has an initial value has it at every place.
Answer starts_as_declared(const System& system, const Scope& scope, const State& state, FunctionId id) {
  const Function& function = system.at(id);
  if (function.change == Change::Rigid || !function.initial.valid()) return Answer::Yes;
  Evaluator evaluator(system, scope, state, {});
  const Choices places(system, scope, function.parameters);
  std::size_t index = 0;  // a table has its values in the order in which choices come
  for (bool more = places.first(evaluator.binding()); more; more = places.next(evaluator.binding())) {
    const auto expected = evaluator.value(function.initial);
    if (!expected) return Answer::Beyond;
    if (state.tables[id.index()][index++] != *expected) return Answer::No;
  }
  return Answer::Yes;
}

/// Performs one update: values and places are those of the old state. False: beyond.
bool write(const System& system, const Scope& scope, const State& old, const Binding& arguments, const Update& update,
           State& now) {
  Evaluator evaluator(system, scope, old, arguments);
  const Choices each(system, scope, update.each);
  for (bool more = each.first(evaluator.binding()); more; more = each.next(evaluator.binding())) {
    std::vector<Value> at;
    for (const TermId term : update.at) {
      const auto argument = evaluator.value(term);
      if (!argument) return false;
      at.push_back(*argument);
    }
    const auto written = evaluator.value(update.value);
    if (!written) return false;
    now.tables[update.function.index()][place(system, scope, update.function, at)] = *written;
  }
  return true;
}

}  // namespace

std::optional<Value> value(const System& system, const Scope& scope, const State& state, TermId term,
                           const Binding& binding) {
  return Evaluator(system, scope, state, binding).value(term);
}

Answer holds(const System& system, const Scope& scope, const State& state, TermId formula, const Binding& binding) {
  return answer(value(system, scope, state, formula, binding));
}

Answer is_initial(const System& system, const Scope& scope, const State& state) {
  for (const Property& property : system.properties) {
    if (property.kind != PropertyKind::Assumption) continue;
    const Answer assumed = holds(system, scope, state, property.formula, {});
    if (assumed != Answer::Yes) return assumed;
  }
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    const Answer declared = starts_as_declared(system, scope, state, FunctionId(i));
    if (declared != Answer::Yes) return declared;
  }
  return system.initially.valid() ? holds(system, scope, state, system.initially, {}) : Answer::Yes;
}

bool fits(const System& system, const Scope& scope, const Fired& fired) {
  if (fired.action.index() >= system.actions.size()) return false;
  const std::vector<BinderId>& parameters = system.at(fired.action).parameters;
  if (parameters.size() != fired.arguments.size()) return false;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!is_value(system, scope, system.at(parameters[i]).type, fired.arguments[i])) return false;
  }
  return true;
}

Stepped step(const System& system, const Scope& scope, const State& state, const Fired& fired) {
  const Action& action = system.at(fired.action);
  Binding arguments;
  for (std::size_t i = 0; i < action.parameters.size(); ++i) arguments[action.parameters[i]] = fired.arguments[i];
  const Answer enabled = holds(system, scope, state, action.guard, arguments);
  if (enabled != Answer::Yes) return {enabled, {}};
  Stepped stepped{Answer::Yes, state};
  for (const Update& update : action.updates) {  // in the order of the text: where two meet, the later one counts
    if (!write(system, scope, state, arguments, update, stepped.state)) return {Answer::Beyond, {}};
  }
  return stepped;
}

}  // namespace bulkhead::system
