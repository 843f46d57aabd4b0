#include "checker/engine/cheap.h"

#include <algorithm>

#include "checker/engine/condition_solver.h"
#include "checker/engine/slice.h"
#include "checker/explore/explore.h"
#include "checker/finite/finite.h"
#include "lang/system/replay.h"

namespace bulkhead::engine {
namespace {

/// Of the solver, for one condition: about ten milliseconds. In visited terms, for one scope: about two.
constexpr std::uint32_t kSteps = 400'000;
constexpr std::uint64_t kWork = 100'000;
/// Unrolled where that found nothing.
constexpr std::size_t kDepth = 6;
constexpr std::uint32_t kConflicts = 1'000;

bool keeps_to(const system::Bounds& bounds, const system::Scope& scope) {
  return std::all_of(bounds.sizes.begin(), bounds.sizes.end(),
                     [&](const auto& bound) { return scope.sizes.at(bound.first.index()) == bound.second; });
}

bool shows(const system::System& system, const system::Theorem& theorem, const explore::Found& found) {
  return found.second ? !system::replay_leak(system, theorem, found.run, *found.second)
                      : !system::replay_violation(system, theorem, found.run);
}

bool by_states(const system::System& system, const system::Theorem& theorem, const system::Scope& scope) {
  explore::Options options;
  options.work = kWork;
  options.bytes = std::uint64_t{32} << 20u;
  options.reduction = explore::Reduction::Renames;
  const auto outcome = explore::search(system, theorem, scope, options);
  const auto* found = std::get_if<explore::Found>(&outcome);
  return found != nullptr && shows(system, theorem, *found);
}

/// In the slice that the claim is about, with as many elements of each sort.
bool by_unrolling(const system::System& system, const system::Theorem& theorem, std::uint32_t size) {
  if (!conditions::is_invariant(theorem) || !theorem.bounds.sizes.empty()) return false;
  const finite::Claim claim = finite::claim_of(system, theorem);
  const Slice small = slice(system, claim.formula, {});
  const system::Scope scope{std::vector<std::uint32_t>(small.system.sorts.size(), size)};
  if (!system::is_tabular(small.system) || !system::is_scope(small.system, scope)) return false;
  finite::Limits limits;
  limits.depth = std::min<std::size_t>(kDepth, theorem.bounds.steps.value_or(kDepth));
  limits.conflicts = kConflicts;
  const auto outcome = finite::bounded(small.system, scope, claim, limits);
  const auto* violated = std::get_if<finite::Violated>(&outcome);
  const auto run = violated == nullptr ? std::nullopt : unsliced(system, small, violated->run);
  return run && !system::replay_violation(system, theorem, *run);
}

}  // namespace

bool are_valid(const conditions::Terms& terms, std::span<const conditions::Condition> conditions) {
  if (conditions.empty()) return true;
  solver::Limits limits;
  limits.resource = kSteps;
  ConditionSolver solver(terms, limits);
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const conditions::Condition& condition) { return solver.is_valid(condition); });
}

bool is_violated_in(const system::System& system, const system::Theorem& theorem,
                    std::span<const system::Scope> scopes) {
  if (!system::is_tabular(system)) return false;
  const bool found = std::any_of(scopes.begin(), scopes.end(), [&](const system::Scope& scope) {
    return scope.sizes.size() == system.sorts.size() && system::is_scope(system, scope) &&
           keeps_to(theorem.bounds, scope) && by_states(system, theorem, scope);
  });
  return found || by_unrolling(system, theorem, 2);
}

}  // namespace bulkhead::engine
