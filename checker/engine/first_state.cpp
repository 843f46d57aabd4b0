#include "checker/engine/first_state.h"

#include "checker/engine/reach.h"

namespace bulkhead::engine {

std::variant<system::Run, verdict::Verdict> first_state(conditions::Terms& terms, ConditionSolver& solver,
                                                        const system::Bounds& bounds, const std::stop_token& stop) {
  const Validity none = solver.decide(conditions::no_initial_state(terms));
  if (std::holds_alternative<Valid>(none)) {
    return verdict::Verdict{verdict::Vacuous{"there is no initial state", 0, std::nullopt, std::nullopt}};
  }
  if (const auto* undecided = std::get_if<Undecided>(&none)) {
    return verdict::Verdict{verdict::Unknown{"whether there is an initial state: " + undecided->reason}};
  }
  const auto& found = std::get<Invalid>(none).counterexample;
  auto state = found ? initial_state(terms, *found) : std::nullopt;
  if (!bounds.sizes.empty()) {
    const Wanted any{terms.system(), terms.truth(true), bounds, stop};
    state = by_states(any, kSmallestScopes).run;
    if (!state) state = by_unrolling(any, kSmallestScopes).run;
  }
  if (!state) return verdict::Verdict{verdict::Unknown{"no initial state that can be written down was found"}};
  return std::move(*state);
}

std::optional<Missing> find_sides(conditions::Terms& terms, ConditionSolver& solver,
                                  const std::vector<system::TermId>& sides, const system::Bounds& bounds,
                                  const std::stop_token& stop, std::vector<system::Run>& witnesses) {
  for (std::size_t i = 0; i < sides.size(); ++i) {
    Sought sought = find_run(terms, solver, {terms.system(), sides[i], bounds, stop});
    if (!sought.run) return Missing{i, std::move(sought.reason)};
    witnesses.push_back(std::move(*sought.run));
  }
  return std::nullopt;
}

solver::Limits stopped_by(const solver::Limits& limits, const std::stop_token& stop) {
  solver::Limits made = limits;
  made.stop = stop;
  return made;
}

}  // namespace bulkhead::engine
