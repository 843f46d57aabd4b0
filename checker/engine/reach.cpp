#include "checker/engine/reach.h"

#include "checker/conditions/within.h"
#include "checker/explore/reach.h"
#include "lang/system/choices.h"

namespace bulkhead::engine {
namespace {

using conditions::Terms;
using system::TermId;

/// A shortest run from this state to one in which the goal is true; or why none was found.
Reached forwards(const system::System& system, const system::Run& start, TermId goal, std::size_t steps,
                 const ReachLimits& limits) {
  explore::Options options;
  options.work = limits.work;
  options.bytes = limits.bytes;
  options.reduction = explore::Reduction::Renames;
  options.stop = limits.stop;
  explore::Reach search(system, start.scope, options);
  explore::Node found = explore::kNoNode;
  explore::Visitor visitor;
  visitor.state = [&](explore::Node node, explore::FlatView state) {
    if (search.machine().holds(state, goal) == system::Answer::Yes) found = node;
    return found == explore::kNoNode;
  };
  const auto gap = search.run_from(start.first, visitor, static_cast<std::uint32_t>(steps));
  if (found != explore::kNoNode) return {search.run_to(found), steps, ""};
  const std::string depth = search.depth() ? std::to_string(*search.depth()) : "0";
  return {std::nullopt, steps,
          "a run of " + std::to_string(steps) + " steps exists, of which " + depth + " were gone" +
              (gap ? ": " + *gap : "")};
}

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
      if (start) return forwards(terms.system(), *start, formula, steps, limits);
      result.reason =
          "a run of " + std::to_string(steps) + " steps exists, but its first state could not be written down";
      return result;
    }
    if (limits.stop.stop_requested()) {
      result.reason = "it was stopped";
      return result;
    }
    if (terms.system().terms.size() > limits.terms) break;
    if (steps < limits.steps) wanted = conditions::before(terms, wanted);
    if (wanted == terms.truth(false)) break;
  }
  return result;
}

}  // namespace bulkhead::engine
