// One deterministic automaton for all patterns of a volume: which of them match a path, in one look-up for each byte.
#pragma once

#include <array>
#include <cstdint>
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

/// Bounds that keep the construction short whatever the patterns are.
struct JointBounds {
  std::size_t states = 1u << 14;
  std::size_t work = std::size_t{1} << 24;  // visited moves of the nondeterministic automata
};

class PathAutomaton {
 public:
  /// None where the bounds are exceeded.
  static std::optional<PathAutomaton> build(const std::vector<JointPattern>& patterns, const JointBounds& bounds);

  /// The state behind `path`; the root has its own, because behind a prefix it is the prefix without "/".
  std::uint32_t run(std::string_view path) const {
    if (path == "/") return 1;
    std::uint32_t state = 0;
    for (const char c : path) state = next_[state * width_ + column_[static_cast<std::uint8_t>(c)]];
    return state;
  }
  std::size_t state_count() const { return accepted_.size(); }
  /// The patterns that match what leads to `state`, by index, ascending.
  const std::vector<std::uint32_t>& accepted(std::size_t state) const { return accepted_[state]; }

 private:
  std::array<std::uint8_t, 256> column_{};  // bytes that no pattern tells apart share one
  std::uint32_t width_ = 0;
  std::vector<std::uint32_t> next_;
  std::vector<std::vector<std::uint32_t>> accepted_;
};

}  // namespace bulkhead::table
