// Questions about all paths at once: is there a path whose memberships in some languages make a condition true?
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "checker/universe/nfa.h"

namespace bulkhead::universe {

/// How the condition depends on a language: it can only become true by membership, only by absence, or by either.
enum class Use : std::uint8_t { Positive, Negative, Both };

struct UsedLanguage {
  const Nfa* language = nullptr;
  Use use = Use::Both;
};

/// Three-valued truth, for conditions of which a part is known.
enum class Truth : std::uint8_t { False, True, Unknown };

/// The condition. Monotone in each language as its `Use` says; that is what makes the search small.
struct PathCondition {
  /// The condition with each membership as it is known; False only if nothing unknown can make it true.
  std::function<Truth(std::span<const Truth>)> possible;
  /// The condition with every membership known. Unknown: nobody could decide it.
  std::function<Truth(std::span<const Truth>)> holds;
};

/// No path but perhaps "/" satisfies the condition: `words` are a cover in the sense of verdict::VolumeCover.
struct NoPath {
  std::vector<std::string> words;  // sorted
};
struct SomePath {
  std::string path;  // a shortest one, unless the search went by positions
  std::vector<bool> members;
};
/// The budget ran out, or `holds` did not know (then `path` is the path in question).
struct Undecided {
  std::string reason;
  std::string path;
};
using PathAnswer = std::variant<NoPath, SomePath, Undecided>;

/// Both: in turns, each with twice the work of its turn before, so that whichever suits the patterns answers soon.
enum class Strategy : std::uint8_t { Both, MacroStates, Positions };

struct SearchBudget {
  std::uint64_t work = 40'000'000;  // states touched; time and memory are each at most a constant times that
  Strategy strategy = Strategy::Both;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

/// Searches all paths; "/" is asked first, and apart, because a prefix treats it apart (see PathPattern).
///
/// Subsets are built lazily and only minimal ones are kept (antichains [DeWulf06]). Where determinising a Positive
/// language explodes, a second search takes its positions one by one.
///
/// Nothing is kept between calls, so that the work, and with it the answer, does not depend on what was asked before.
///
/// Ensures:  NoPath is exact; SomePath::path is a path and has exactly those memberships. Deterministic.
/// Cost:     at most `budget.work`, then Undecided; so too, shortly after `budget.deadline`.
PathAnswer find_path(std::span<const UsedLanguage> languages, const PathCondition& condition,
                     const SearchBudget& budget = {});

/// Whether each language holds the path, by running the automata.
std::vector<bool> memberships(std::span<const UsedLanguage> languages, const std::string& path);

}  // namespace bulkhead::universe
