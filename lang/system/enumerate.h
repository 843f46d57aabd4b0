// Every reachable state of one scope, by the reference semantics: what shows that a claim holds where states are few.
// Trusted, and slow on purpose: whoever searches does it another way, and is held against this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/system/step.h"
#include "lang/system/theorem.h"

namespace bulkhead::system {

/// The scope whose sizes the bounds name; none where they leave a sort out, or the scope is none.
std::optional<Scope> scope_named(const System& system, const Bounds& bounds);

/// The instances of an action whose guard can be true (ranges.h), in the order of their arguments, the last one running
/// fastest; none: they cannot be listed, or are more than kMaxEntries. Requires: is_scope(system, scope).
std::optional<std::vector<Fired>> instances_of(const System& system, const Scope& scope, ActionId action);

struct Reachable {
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  Scope scope;
  std::vector<State> states;     // breadth first
  std::size_t first = 0;         // the first so many are the initial ones
  std::vector<Fired> instances;  // of all actions, without those whose guard is false in every state
  std::vector<std::vector<std::size_t>>
      after;  // by state that was left, by instance: the next; kNone: it does not fire
};

/// What is enumerated at most: states times instances, and choices for what nothing declares.
inline constexpr std::size_t kMaxAttempts = std::size_t{1} << 20;
inline constexpr std::size_t kMaxFirstStates = std::size_t{1} << 16;
/// Entries of all states together: a quarter of a gigabyte of values.
inline constexpr std::size_t kMaxListedEntries = std::size_t{1} << 25;

/// So many states may be listed where each is left by so many instances. Requires: is_scope(system, scope).
std::size_t most_states(const System& system, const Scope& scope, std::size_t instances);

/// Those that are reached within so many steps, or all; or why they cannot be listed. States that are reached with the
/// last step are not left.
///
/// Requires: is_valid(system).
/// Cost: one call of step() for each attempt.
Result<Reachable, std::string> enumerate(const System& system, const Scope& scope,
                                         std::optional<std::uint32_t> steps = std::nullopt);

}  // namespace bulkhead::system
