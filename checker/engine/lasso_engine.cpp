// Liveness refuted: by search state by state in small scopes, and as safety of the monitored system in larger ones.
#include "checker/conditions/monitor.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/lasso.h"
#include "checker/engine/runs.h"
#include "checker/explore/growth.h"

namespace bulkhead::engine {
namespace {

const system::LeadsTo* liveness_of(const obligation::Goal& goal) {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem == nullptr ? nullptr : std::get_if<system::LeadsTo>(&theorem->theorem.statement);
}

}  // namespace

system::Run lasso_of(const system::System& original, const system::Run& monitored) {
  system::Run run = monitored;
  run.first.tables.resize(original.functions.size());
  run.steps.clear();
  run.loop.reset();
  for (const system::Fired& fired : monitored.steps) {
    if (fired.action.index() < original.actions.size())
      run.steps.push_back(fired);
    else
      run.loop = run.steps.size();
  }
  return run;
}

bool LassoEngine::decides(const obligation::Goal& goal) const {
  return liveness_of(goal) != nullptr;
}
bool LoopEngine::decides(const obligation::Goal& goal) const {
  return liveness_of(goal) != nullptr;
}

verdict::Verdict LassoEngine::solve(const obligation::Obligation& obligation, Session& session,
                                    const Turn& turn) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  const system::System& system = session.world().at(goal.system);
  explore::Grown grown = explore::search_growing(system, goal.theorem, kLargestScope, small_search(turn.stop));
  for (explore::Outcome& outcome : grown.outcomes) {
    if (auto* found = std::get_if<explore::Found>(&outcome)) {
      return violated_by(system, goal.theorem, std::move(found->run), turn.stop);
    }
  }
  return verdict::Unknown{"no fair run violates it " + how_far(grown.outcomes)};
}

verdict::Verdict LoopEngine::solve(const obligation::Obligation& obligation, Session& session, const Turn& turn) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  const system::System& system = session.world().at(goal.system);
  const auto monitored = conditions::monitor(system, *liveness_of(obligation.goal));
  if (!monitored) return verdict::Unknown{"no loop is looked for: " + monitored.error()};
  system::Bounds bounds = goal.theorem.bounds;
  if (bounds.steps) *bounds.steps += 1;  // the monitor's own
  Sought sought = by_unrolling({monitored->system, monitored->looped, bounds, turn.stop}, kLargestUnrolled);
  if (sought.run) return violated_by(system, goal.theorem, lasso_of(system, *sought.run), turn.stop);
  return verdict::Unknown{"no loop " + sought.reason};
}

}  // namespace bulkhead::engine
