#include "checker/engine/runs.h"

#include <algorithm>
#include <utility>

#include "checker/engine/reach.h"
#include "checker/engine/slice.h"
#include "checker/explore/growth.h"
#include "checker/finite/finite.h"
#include "checker/story/minimise.h"
#include "lang/system/replay.h"

namespace bulkhead::engine {
namespace {

/// Steps that are unrolled, and what one question about them may cost.
constexpr std::size_t kUnrolledSteps = 12;
constexpr std::uint32_t kUnrolledConflicts = 20'000;

/// How many sorts the slice leaves, and how large: a scope for each size.
std::vector<system::Scope> alike(const system::System& system, const system::Bounds& bounds, std::uint32_t largest) {
  std::vector<system::Scope> list;
  for (std::uint32_t size = 1; size <= largest; ++size) {
    system::Scope scope{std::vector<std::uint32_t>(system.sorts.size(), size)};
    for (const auto& [sort, named] : bounds.sizes) scope.sizes.at(sort.index()) = named;
    if (!list.empty() && list.back() == scope) break;
    if (!system::is_tabular(system) || !system::is_scope(system, scope)) break;
    list.push_back(std::move(scope));
  }
  return list;
}

Sought states_of(const system::System& system, const Wanted& wanted, const system::Bounds& bounds,
                 std::uint32_t largest) {
  Sought sought;
  explore::Grown grown =
      explore::search_growing(system, {system::Never{wanted.formula}, bounds}, largest, small_search(wanted.stop));
  sought.reason = how_far(grown.outcomes);
  for (explore::Outcome& outcome : grown.outcomes) {
    if (auto* found = std::get_if<explore::Found>(&outcome)) sought.run = std::move(found->run);
  }
  return sought;
}

}  // namespace

std::string how_far(const std::vector<explore::Outcome>& outcomes) {
  std::size_t exhausted = 0;
  const explore::Stopped* first = nullptr;  // the smallest that was not
  for (const explore::Outcome& outcome : outcomes) {
    if (std::holds_alternative<explore::Exhausted>(outcome)) ++exhausted;
    if (const auto* stopped = std::get_if<explore::Stopped>(&outcome); stopped != nullptr && first == nullptr)
      first = stopped;
  }
  std::string far = "in " + std::to_string(exhausted) + " of " + std::to_string(outcomes.size()) + " small scopes";
  if (first == nullptr) return far;
  far +=
      first->depth ? ", and within " + std::to_string(*first->depth) + " steps in the next (" : ", not in the next (";
  return far + first->why + ", after " + std::to_string(first->states) + " states)";
}

explore::Options small_search(std::stop_token stop) {
  explore::Options options;
  options.work = 5'000'000;
  options.bytes = std::uint64_t{256} << 20u;
  options.reduction = explore::Reduction::Renames;
  options.stop = std::move(stop);
  return options;
}

Sought by_states(const Wanted& wanted, std::uint32_t largest) {
  const Slice small = slice(wanted.system, wanted.formula, wanted.bounds);
  Sought sought = states_of(small.system, wanted, small.bounds, largest);
  if (!sought.run) return sought;
  sought.run = unsliced(wanted.system, small, *sought.run);
  return sought.run ? sought : states_of(wanted.system, wanted, wanted.bounds, largest);
}

Sought by_unrolling(const Wanted& wanted, std::uint32_t largest) {
  Sought sought;
  const Slice small = slice(wanted.system, wanted.formula, wanted.bounds);
  finite::Limits limits;
  limits.depth = std::min<std::size_t>(kUnrolledSteps, wanted.bounds.steps.value_or(kUnrolledSteps));
  limits.conflicts = kUnrolledConflicts;
  limits.stop = wanted.stop;
  std::string seen, why;
  for (const system::Scope& scope : alike(small.system, small.bounds, largest)) {
    if (wanted.stop.stop_requested()) {
      if (why.empty()) why = " (it was stopped)";
      break;
    }
    const auto outcome = finite::bounded(small.system, scope, {wanted.formula, false}, limits);
    if (const auto* violated = std::get_if<finite::Violated>(&outcome)) {
      sought.run = unsliced(wanted.system, small, violated->run);
      if (sought.run) return sought;
    }
    const auto* open = std::get_if<finite::Open>(&outcome);
    if (open != nullptr && !open->depth && why.empty()) why = " (" + open->why + ")";
    if (open != nullptr && open->depth) {
      seen += (seen.empty() ? "" : ", ") + std::to_string(*open->depth);
    }
  }
  sought.reason = seen.empty() ? "by unrolling: nothing could be unrolled" + why
                               : "within " + seen + " steps in scopes of 1, 2 ... elements" + why;
  return sought;
}

Sought backwards(conditions::Terms& terms, ConditionSolver& solver, const Wanted& wanted) {
  if (!wanted.bounds.sizes.empty() || wanted.bounds.steps) return {std::nullopt, "backwards: the claim is bounded"};
  ReachLimits limits;
  limits.stop = wanted.stop;
  Reached reached = reach(terms, solver, wanted.formula, limits);
  return {std::move(reached.run), "within " + std::to_string(reached.steps) + " steps" +
                                      (reached.reason.empty() ? "" : " (" + reached.reason + ")")};
}

Sought find_run(conditions::Terms& terms, ConditionSolver& solver, const Wanted& wanted) {
  Sought sought = by_states(wanted, kSmallestScopes);
  if (sought.run) return sought;
  sought = backwards(terms, solver, wanted);
  if (sought.run) return sought;
  Sought more = by_states(wanted, kLargestScope);
  if (more.run) return more;
  const std::string reason = sought.reason + " and " + more.reason;
  more = by_unrolling(wanted, kLargestUnrolled);
  if (!more.run) more.reason = reason + " and " + more.reason;
  return more;
}

verdict::Verdict violated_by(const system::System& system, const system::Theorem& theorem, system::Run run,
                             const std::stop_token& stop) {
  if (const auto objection = system::replay_violation(system, theorem, run)) {
    return verdict::Unknown{"a run was found that does not replay: " + *objection};
  }
  verdict::Violated violated;
  violated.trace.runs.push_back(story::minimise(system, theorem, std::move(run), stop));
  return violated;
}

}  // namespace bulkhead::engine
