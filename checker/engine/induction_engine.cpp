// Theorems about every reachable state, for sorts of any size, under the invariants and lemmas that are written.
#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"
#include "checker/engine/proving.h"

namespace bulkhead::engine {

bool InductionEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && conditions::is_invariant(theorem->theorem);
}

verdict::Verdict InductionEngine::solve(const obligation::Obligation& obligation, Session& session,
                                        const Turn& turn) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  const system::System& system = session.world().at(goal.system);
  Proving proving(system, system.properties.size(), goal.theorem, stopped_by(session.budget().solver, turn.stop));
  auto verdict = proving();
  if (turn.found != nullptr && std::holds_alternative<verdict::Unknown>(verdict)) *turn.found = proving.invariants();
  return verdict;
}

}  // namespace bulkhead::engine
