// Explicit-state search: every reachable state of a scope, one after the other. Slow and simple, it is the oracle for
// every other engine. What it finds is replayed by lang/system/replay.h before anybody believes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "lang/system/state.h"
#include "lang/system/theorem.h"

namespace bulkhead::explore {

/// Renames: states that differ only in the names of elements of sorts are visited once. Not used where a theorem names
/// elements (LeadsTo, LeaksNothing).
enum class Reduction : std::uint8_t { None, Renames };

/// Units: `work` in visited terms, so that outcomes repeat on every machine; `bytes` of memory for states.
struct Options {
  std::uint64_t work = std::uint64_t{1} << 32;
  std::uint64_t bytes = std::uint64_t{1} << 30;
  Reduction reduction = Reduction::None;
  std::stop_token stop = {};  // what is under way ends as Stopped
};

/// The theorem is violated; for LeaksNothing by two runs. Shortest for Always, Never and LeaksNothing.
struct Found {
  system::Run run;
  std::optional<system::Run> second;
};
/// No run of this scope (and of so many steps, where the theorem says so) violates the theorem.
struct Exhausted {
  std::size_t states = 0;
};
/// No violation was found, and not everything was looked at. For Always and Never, all runs of at most `depth` steps
/// were; none: not even every initial state.
struct Stopped {
  std::string why;
  std::size_t states = 0;
  std::optional<std::size_t> depth;
};
using Outcome = std::variant<Found, Exhausted, Stopped>;

/// Looks for a violation in one scope. Requires: is_valid(system), is_valid(system, theorem), is_scope(system, scope)
/// where is_tabular(system); the scope has the sizes that the theorem's bounds name.
Outcome search(const system::System& system, const system::Theorem& theorem, const system::Scope& scope,
               const Options& options);

/// For each action a shortest run whose last step it is.
struct Coverage {
  std::vector<std::optional<system::Run>> witnesses;  // by ActionId
  /// None: actions without a witness never fire in this scope. Otherwise why nobody knows.
  std::optional<std::string> gap;
};
Coverage cover(const system::System& system, const system::Scope& scope, const Options& options);

}  // namespace bulkhead::explore
