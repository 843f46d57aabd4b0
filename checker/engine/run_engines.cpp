// The engines that refute theorems about every reachable state: three ways of looking for a run.
#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"
#include "checker/engine/runs.h"

namespace bulkhead::engine {
namespace {

const obligation::Theorem* invariant_of(const obligation::Goal& goal) {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && conditions::is_invariant(theorem->theorem) ? theorem : nullptr;
}

/// Looks for a state in which the claim is false.
template <typename Look>
verdict::Verdict refute(const obligation::Obligation& obligation, Session& session, const std::stop_token& stop,
                        const Look& look) {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  const system::System& system = session.world().at(goal.system);
  conditions::Terms terms(system);
  const system::TermId bad = terms.negation(conditions::claimed(terms, goal.theorem).formula);
  const system::System larger = terms.system();  // the arena may grow while it is searched
  Sought sought = look(terms, Wanted{larger, bad, goal.theorem.bounds, stop});
  if (sought.run) return violated_by(system, goal.theorem, std::move(*sought.run), stop);
  return verdict::Unknown{"no violation " + sought.reason};
}

}  // namespace

bool SearchEngine::decides(const obligation::Goal& goal) const {
  return invariant_of(goal) != nullptr;
}
bool UnrollingEngine::decides(const obligation::Goal& goal) const {
  return invariant_of(goal) != nullptr;
}
bool BackwardsEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = invariant_of(goal);
  return theorem != nullptr && theorem->theorem.bounds.sizes.empty() && !theorem->theorem.bounds.steps;
}

verdict::Verdict SearchEngine::solve(const obligation::Obligation& obligation, Session& session,
                                     const Turn& turn) const {
  return refute(obligation, session, turn.stop,
                [](conditions::Terms&, const Wanted& wanted) { return by_states(wanted, kLargestScope); });
}

verdict::Verdict UnrollingEngine::solve(const obligation::Obligation& obligation, Session& session,
                                        const Turn& turn) const {
  return refute(obligation, session, turn.stop,
                [](conditions::Terms&, const Wanted& wanted) { return by_unrolling(wanted, kLargestUnrolled); });
}

verdict::Verdict BackwardsEngine::solve(const obligation::Obligation& obligation, Session& session,
                                        const Turn& turn) const {
  return refute(obligation, session, turn.stop, [&](conditions::Terms& terms, const Wanted& wanted) {
    ConditionSolver solver(terms, stopped_by(session.budget().solver, turn.stop));
    return backwards(terms, solver, wanted);
  });
}

}  // namespace bulkhead::engine
