// Claims about the first steps, for sorts of any size and with integers: no initial state is so many steps before a
// violation.
#include "checker/conditions/left_sides.h"
#include "checker/conditions/within.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"

namespace bulkhead::engine {
namespace {

/// More steps make formulas that are not decided.
constexpr std::uint32_t kMostSteps = 24;

}  // namespace

bool StepsEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && conditions::is_invariant(theorem->theorem) && theorem->theorem.bounds.steps &&
         *theorem->theorem.bounds.steps <= kMostSteps;
}

verdict::Verdict StepsEngine::solve(const obligation::Obligation& obligation, Session& session,
                                    const Turn& turn) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  const system::Theorem& theorem = goal.theorem;
  const system::System& system = session.world().at(goal.system);
  conditions::Terms terms(system);
  ConditionSolver solver(terms, stopped_by(session.budget().solver, turn.stop));
  auto start = first_state(terms, solver, theorem.bounds, turn.stop);
  if (auto* none = std::get_if<verdict::Verdict>(&start)) return std::move(*none);
  const auto claim = conditions::claimed(terms, theorem);
  for (std::uint32_t steps = 0; steps <= *theorem.bounds.steps; ++steps) {  // few steps first: that may settle it
    const auto list = conditions::within(terms, claim, steps);
    if (!list) return verdict::Unknown{"within " + std::to_string(steps) + " steps: the formulas become too large"};
    if (!solver.is_valid(list->back())) {
      return verdict::Unknown{"not shown within " + std::to_string(steps) + " steps"};
    }
  }
  verdict::ScopeEvidence evidence;
  evidence.k = 0;
  evidence.witnesses.push_back(std::get<system::Run>(std::move(start)));
  auto missing = find_sides(terms, system.properties.size(), solver, conditions::left_sides(terms, claim.formula),
                            theorem.bounds, turn.stop, evidence.witnesses);
  if (missing) return std::move(*missing);
  return verdict::Holds{{std::move(evidence), {}}};
}

}  // namespace bulkhead::engine
