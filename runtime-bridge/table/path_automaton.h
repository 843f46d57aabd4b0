// One deterministic automaton for all patterns of a volume: which of them match a path, in one look-up for each byte.
//
// Its states are sets of states of the patterns' automata, and each is made when a path first leads to it: most
// programs ask for a few dozen paths, and the whole automaton of the libraries of an interpreter takes milliseconds.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "runtime-bridge/table/glob.h"

namespace bulkhead::table {

/// A pattern that takes part: its automaton and the bytes that stand before every path.
struct JointPattern {
  const GlobAutomaton* automaton = nullptr;
  std::string_view prefix;
};

/// Bounds that keep the construction short whatever the patterns are and whatever is asked.
struct JointBounds {
  std::size_t states = 1u << 14;
  std::size_t work = std::size_t{1} << 24;  // visited moves of the nondeterministic automata
};

class PathAutomaton {
 public:
  /// Requires: what the patterns point to outlives this and keeps its place.
  PathAutomaton(std::vector<JointPattern> patterns, const JointBounds& bounds);
  PathAutomaton(PathAutomaton&&) noexcept = default;
  PathAutomaton& operator=(PathAutomaton&&) noexcept = default;

  /// The state behind `path`; makes what is missing on the way. Nothing, now and ever after, where the bounds are
  /// exceeded.
  std::optional<std::uint32_t> walk(std::string_view path);
  /// Makes every state that some path leads to; false where the bounds are exceeded.
  bool complete();
  /// The same as walk(), without making anything. Requires: complete() was true.
  std::uint32_t run(std::string_view path) const {
    if (path == "/") return kRoot;
    std::uint32_t state = kStart;
    for (const char c : path) state = next_[state * width_ + column_[static_cast<std::uint8_t>(c)]];
    return state;
  }

  std::size_t state_count() const { return accepted_.size(); }
  /// The patterns that match what leads to `state`, by index, ascending.
  const std::vector<std::uint32_t>& accepted(std::size_t state) const { return accepted_[state]; }

 private:
  /// States of all patterns in one numbering: pattern i's states start at base_[i]. Ascending.
  using Subset = std::vector<std::uint32_t>;
  struct ByContents {
    bool operator()(const Subset* a, const Subset* b) const { return *a < *b; }
  };
  static constexpr std::uint32_t kStart = 0;  // before the first byte of a path
  static constexpr std::uint32_t kRoot = 1;   // behind the path "/", which behind a prefix is the prefix itself
  static constexpr std::uint32_t kUnmade = UINT32_MAX;

  void tell_bytes_apart();
  void add_state(Subset subset);
  /// The state that `state` moves to by a byte of `column`; false where the bounds are exceeded.
  bool make(std::uint32_t state, std::uint32_t column);
  Subset step(const Subset& from, std::uint8_t byte);
  Subset behind_prefix(std::uint32_t pattern);
  void close(Subset& subset);
  void add(std::uint32_t id, Subset& to);
  bool exhausted() const { return subsets_.size() > bounds_.states || work_ > bounds_.work; }

  std::vector<JointPattern> patterns_;
  JointBounds bounds_;
  std::vector<std::uint32_t> base_;
  std::vector<std::uint32_t> owner_;  // of each id, the pattern
  std::vector<bool> seen_;            // scratch of one step: the ids in it
  std::size_t work_ = 0;

  std::array<std::uint8_t, 256> column_{};  // bytes that no pattern tells apart share one
  std::vector<std::uint8_t> bytes_;         // one byte of each column
  std::size_t width_ = 0;
  std::deque<Subset> subsets_;  // by state; a deque, because `known_` points into it
  std::map<const Subset*, std::uint32_t, ByContents> known_;
  std::vector<std::uint32_t> next_;  // by state and column
  std::vector<std::vector<std::uint32_t>> accepted_;
};

}  // namespace bulkhead::table
