#include "checker/engine/reach.h"

#include <algorithm>
#include <deque>
#include <map>

#include "checker/conditions/within.h"
#include "lang/system/choices.h"
#include "lang/system/replay.h"

namespace bulkhead::engine {
namespace {

using conditions::Terms;
using system::TermId;

/// The states from which the run came, by state: breadth first, so that the first run is a shortest one.
class Forwards {
 public:
  Forwards(const system::System& system, system::Run start, TermId goal)
      : system_(system), start_(std::move(start)), goal_(goal) {}

  std::optional<system::Run> run(std::size_t steps, std::size_t states) {
    if (!visit(start_.first, std::nullopt, {}, 0)) return finished(start_.first);
    while (!open_.empty() && seen_.size() < states) {
      const system::State state = open_.front();
      open_.pop_front();
      const std::size_t depth = seen_.at(state).depth;
      if (depth == steps) continue;
      for (std::size_t i = 0; i < system_.actions.size(); ++i) {
        if (auto found = expand(state, system::ActionId{i}, depth)) return found;
      }
    }
    return std::nullopt;
  }

 private:
  struct Origin {
    std::optional<system::State> from;
    system::Fired fired;
    std::size_t depth = 0;
  };

  /// False: the goal is true here.
  bool visit(const system::State& state, std::optional<system::State> from, system::Fired fired, std::size_t depth) {
    if (!seen_.emplace(state, Origin{std::move(from), std::move(fired), depth}).second) return true;
    open_.push_back(state);
    return system::holds(system_, start_.scope, state, goal_, {}) != system::Answer::Yes;
  }

  std::optional<system::Run> expand(const system::State& state, system::ActionId action, std::size_t depth) {
    const auto& parameters = system_.at(action).parameters;
    const system::Choices choices(system_, start_.scope, parameters);
    if (!choices.listable()) return std::nullopt;
    system::Binding binding;
    for (bool more = choices.first(binding); more; more = choices.next(binding)) {
      system::Fired fired{action, {}};
      for (const system::BinderId parameter : parameters) fired.arguments.push_back(binding.at(parameter));
      auto stepped = system::step(system_, start_.scope, state, fired);
      if (stepped.fires != system::Answer::Yes) continue;
      if (!visit(stepped.state, state, std::move(fired), depth + 1)) return finished(stepped.state);
    }
    return std::nullopt;
  }

  system::Run finished(const system::State& last) const {
    system::Run run = start_;
    for (const Origin* origin = &seen_.at(last); origin->from; origin = &seen_.at(*origin->from)) {
      run.steps.push_back(origin->fired);
    }
    std::reverse(run.steps.begin(), run.steps.end());
    return run;
  }

  const system::System& system_;
  system::Run start_;
  TermId goal_;
  std::deque<system::State> open_;
  std::map<system::State, Origin> seen_;
};

}  // namespace

std::optional<system::Run> initial_state(const Terms& terms, const Counterexample& counterexample) {
  const system::System& system = terms.system();
  system::Run run{counterexample.scope, counterexample.state, {}, std::nullopt};
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    const system::Function& function = system.functions[i];
    if (function.change == system::Change::Rigid || !function.initial.valid()) continue;
    const system::Choices places(system, run.scope, function.parameters);
    if (!places.listable()) return std::nullopt;
    system::Binding binding;
    std::size_t index = 0;  // a table has its values in the order in which choices come
    for (bool more = places.first(binding); more; more = places.next(binding)) {
      const auto value = system::value(system, run.scope, run.first, function.initial, binding);
      if (!value) return std::nullopt;
      run.first.tables[i].at(index++) = *value;
    }
  }
  if (!system::is_state(system, run.scope, run.first)) return std::nullopt;
  if (system::is_initial(system, run.scope, run.first) != system::Answer::Yes) return std::nullopt;
  return run;
}

Reached reach(Terms& terms, ConditionSolver& solver, TermId formula, const ReachLimits& limits) {
  Reached result;
  TermId wanted = formula;
  for (std::size_t steps = 0; steps <= limits.steps; ++steps) {
    result.steps = steps;
    // Valid: no initial state has it.
    const auto condition = conditions::base(terms, {"search", terms.negation(wanted)});
    const Validity validity = solver.decide(condition);
    if (const auto* undecided = std::get_if<Undecided>(&validity)) {
      result.reason = undecided->reason;
      return result;
    }
    if (const auto* invalid = std::get_if<Invalid>(&validity)) {
      const auto start = invalid->counterexample ? initial_state(terms, *invalid->counterexample) : std::nullopt;
      if (start) result.run = Forwards(terms.system(), *start, formula).run(steps, limits.states);
      if (!result.run) result.reason = "a run of " + std::to_string(steps) + " steps exists, but it was not found";
      return result;
    }
    if (terms.system().terms.size() > limits.terms) break;
    if (steps < limits.steps) wanted = conditions::before(terms, wanted);
    if (wanted == terms.truth(false)) break;
  }
  return result;
}

}  // namespace bulkhead::engine
