// Evidence against theorems, judged by the reference semantics: runs that violate, pairs of runs that leak. Trusted.
#pragma once

#include <compare>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lang/system/step.h"
#include "lang/system/theorem.h"

namespace bulkhead::system {

/// Every state of the run, the first included; or why it is no run of the system.
struct Replayed {
  std::vector<State> states;
  std::optional<std::string> objection;
};

/// Longer runs, and runs whose states together have more entries, are refused.
inline constexpr std::size_t kMaxSteps = std::size_t{1} << 16;
inline constexpr std::size_t kMaxRunEntries = std::size_t{1} << 24;

bool is_too_long(const Run& run);

/// Replays a run, wherever it comes from. A run with a loop comes back to the state in which the loop began.
///
/// Requires: is_valid(system).
Replayed replay(const System& system, const Run& run);

/// What is missing for the run to show that the theorem is violated; nothing: it does show it.
///
///   Always, Never   some state of the run violates the property, satisfies the formula
///   LeadsTo         the run has a loop; for some values of `each`, `from` holds in some state and `to` in no state
///   from
///                   there on; and each instance of each fair action is taken in the loop or is disabled in some state
///                   of the loop (weak), in every state of it (strong)
///   LeaksNothing    one run shows nothing: see replay_leak
///
/// Requires: is_valid(system), is_valid(system, theorem).
std::optional<std::string> replay_violation(const System& system, const Theorem& theorem, const Run& run);

/// Whose a step is: the first argument of the observer's sort. None: the system's own.
std::optional<Value> subject_of(const System& system, const LeaksNothing& claim, const Fired& fired);

/// What an observer sees in a state: each item's choices for which its condition holds, with the item's value.
struct Seen {
  std::size_t item;
  std::vector<Value> choice;
  Value value;
  friend auto operator<=>(const Seen&, const Seen&) = default;
};
/// None: beyond. Requires: is_valid(system), is_tabular(system), is_state(...), `observer` is of the observer's sort.
std::optional<std::vector<Seen>> look(const System& system, const Scope& scope, const State& state, const View& view,
                                      Value observer);

/// What is missing for two runs to show that the theorem, a LeaksNothing, is violated for some observer o.
///
/// Steps are attempts: here, and only here, one whose guard fails changes nothing. A subject d may influence e where d
/// is e, or `except` holds of (e, d). The sources of a sequence of steps are o and, going backwards, the subject of
/// each step that may influence a source so far. Purging drops the steps of subjects that are no sources at their
/// place; steps of the system's own are never dropped. The runs show a leak where
///   * the rigid functions are the same, and every source sees the same in both first states,
///   * both purge to the same sequence,
///   * o sees different things in the two last states.
///
/// Requires: is_valid(system), is_valid(system, theorem).
/// See: [vonOheimb04], noninfluence.
std::optional<std::string> replay_leak(const System& system, const Theorem& theorem, const Run& left, const Run& right);

}  // namespace bulkhead::system
