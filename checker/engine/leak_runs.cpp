#include "checker/engine/leak_runs.h"

#include "checker/engine/reach.h"
#include "lang/system/choices.h"
#include "lang/system/replay.h"

namespace bulkhead::engine {
namespace {

/// To the state in which the attempt is made: few steps, and little work for each condition that fails.
ReachLimits near(const std::stop_token& stop) {
  ReachLimits limits;
  limits.steps = 4;
  limits.work = 10'000'000;
  limits.stop = stop;
  return limits;
}

}  // namespace

std::optional<std::pair<system::Run, system::Run>> leak_by_one_attempt(
    const system::System& system, const system::Theorem& theorem, conditions::Terms& terms, ConditionSolver& solver,
    const conditions::Condition& failed, const std::stop_token& stop) {
  std::vector<system::TermId> parts = failed.hypotheses;
  parts.push_back(terms.negation(failed.goal));
  const system::TermId seen =
      terms.quantified(system::Op::Exists, failed.constants, terms.conjunction(std::move(parts)));
  Reached there = reach(terms, solver, seen, near(stop));
  if (!there.run) return std::nullopt;
  system::Run without = std::move(*there.run);
  without.first.tables.resize(system.functions.size());  // the copies for pairs of states never change
  for (std::size_t i = 0; i < system.actions.size(); ++i) {
    const system::ActionId action{i};
    const auto& parameters = system.at(action).parameters;
    const system::Choices choices(system, without.scope, parameters);
    if (!choices.listable()) continue;
    system::Binding binding;
    for (bool more = choices.first(binding); more; more = choices.next(binding)) {
      if (stop.stop_requested()) return std::nullopt;
      system::Fired attempt{action, {}};
      for (const system::BinderId parameter : parameters) attempt.arguments.push_back(binding.at(parameter));
      system::Run with = without;
      with.steps.push_back(std::move(attempt));
      if (!system::replay_leak(system, theorem, with, without)) return std::pair(std::move(with), std::move(without));
    }
  }
  return std::nullopt;
}

}  // namespace bulkhead::engine
