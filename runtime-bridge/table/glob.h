// Path globs as byte automata: what the enforcing binary understands of a pattern.
//
// Braces are multiplied out first; then, in each alternative,
//   *      any bytes but "/"                 ?      one UTF-8 scalar but "/"
//   **     any bytes                         [a-z]  one UTF-8 scalar of the class; [!a-z] one outside it, never "/"
//   /**    before "/" or at the end: nothing, or "/" and any bytes ("/d/**" includes "/d")
//   \x     x itself
// The definition is lang/ir/glob.h, which this component may not include. Test: TableGlob.MeansWhatTheLanguageMeans.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lang/base/result.h"

namespace bulkhead::table {

inline constexpr std::size_t kMaxGlobBytes = 4096;
inline constexpr std::size_t kMaxGlobAlternatives = 1024;
inline constexpr std::size_t kMaxGlobStates = 16384;  // of one automaton

/// A nondeterministic automaton over bytes. State 0 is the start; `accept` is the only accepting state.
struct GlobAutomaton {
  struct Edge {
    std::uint8_t low = 0;
    std::uint8_t high = 0;
    std::uint16_t to = 0;
  };
  std::uint16_t accept = 0;

  std::size_t size() const { return begins.empty() ? 0 : begins.size() - 1; }
  std::span<const Edge> edges(std::size_t state) const {
    return std::span(all_edges).subspan(begins[state].edge, begins[state + 1].edge - begins[state].edge);
  }
  /// Moves that consume nothing.
  std::span<const std::uint16_t> silent(std::size_t state) const {
    return std::span(all_silent).subspan(begins[state].silent, begins[state + 1].silent - begins[state].silent);
  }

  /// The moves of all states in a row, and where each state's begin: a pattern is compiled at every start, and vectors
  /// for each state were most of what that cost.
  struct Begin {
    std::uint32_t edge = 0, silent = 0;
  };
  std::vector<Begin> begins;  // by state, and the end
  std::vector<Edge> all_edges;
  std::vector<std::uint16_t> all_silent;
};

/// The automaton of `glob`, or why it is none.
Result<GlobAutomaton, std::string> compile_glob(std::string_view glob);

/// The states that the automaton can be in, for walking it byte by byte. No allocation; 96 KiB, meant for the stack.
class GlobWalk {
 public:
  explicit GlobWalk(const GlobAutomaton& automaton);
  void step(std::uint8_t byte);
  bool accepted() const;
  bool dead() const { return count_ == 0; }
  /// The present states, silent moves taken, in the order in which they were reached.
  const std::uint16_t* begin() const { return dense_[now_]; }
  const std::uint16_t* end() const { return dense_[now_] + count_; }

 private:
  void enter(std::uint16_t state);
  bool holds(unsigned side, std::size_t count, std::uint16_t state) const;

  const GlobAutomaton& automaton_;
  unsigned now_ = 0;
  std::size_t count_ = 0;
  std::uint16_t dense_[2][kMaxGlobStates];  // a sparse set on either side: members, and where each stands
  std::uint16_t place_[kMaxGlobStates] = {};
};

/// Whether the automaton accepts `prefix` followed by `path`; the path "/" behind a prefix is the prefix itself.
/// Cost: (bytes) x (edges); no allocation, no recursion.
bool accepts(const GlobAutomaton& automaton, std::string_view prefix, std::string_view path);

}  // namespace bulkhead::table
