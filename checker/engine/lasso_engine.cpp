// Liveness: refuted by a lasso in a small scope, never shown.
#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"
#include "checker/explore/growth.h"

namespace bulkhead::engine {

bool LassoEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && std::holds_alternative<system::LeadsTo>(theorem->theorem.statement);
}

verdict::Verdict LassoEngine::solve(const obligation::Obligation& obligation, Session& session) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  const system::System& system = session.world().at(goal.system);
  explore::Grown grown = explore::search_growing(system, goal.theorem, kLargestScope, small_search());
  std::size_t exhausted = 0;
  for (explore::Outcome& outcome : grown.outcomes) {
    if (auto* found = std::get_if<explore::Found>(&outcome)) {
      verdict::Violated violated;
      violated.trace.runs.push_back(std::move(found->run));
      return violated;
    }
    if (std::holds_alternative<explore::Exhausted>(outcome)) ++exhausted;
  }
  return verdict::Unknown{"liveness is not shown, only refuted; no fair run violates it in " +
                          std::to_string(exhausted) + " of " + std::to_string(grown.outcomes.size()) + " small scopes"};
}

}  // namespace bulkhead::engine
