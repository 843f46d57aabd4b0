#include "checker/engine/first_state.h"

#include "checker/engine/reach.h"

namespace bulkhead::engine {

std::variant<system::Run, verdict::Verdict> first_state(conditions::Terms& terms, ConditionSolver& solver) {
  const Validity none = solver.decide(conditions::no_initial_state(terms));
  if (std::holds_alternative<Valid>(none)) {
    return verdict::Verdict{verdict::Vacuous{"there is no initial state", 0, std::nullopt, std::nullopt}};
  }
  if (const auto* undecided = std::get_if<Undecided>(&none)) {
    return verdict::Verdict{verdict::Unknown{"whether there is an initial state: " + undecided->reason}};
  }
  const auto& found = std::get<Invalid>(none).counterexample;
  auto state = found ? initial_state(terms, *found) : std::nullopt;
  if (!state) return verdict::Verdict{verdict::Unknown{"no initial state that can be written down was found"}};
  return std::move(*state);
}

explore::Options small_search() {
  explore::Options options;
  options.work = 5'000'000;
  options.bytes = std::uint64_t{256} << 20u;
  options.reduction = explore::Reduction::Renames;
  return options;
}

}  // namespace bulkhead::engine
