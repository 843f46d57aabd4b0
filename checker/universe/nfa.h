// The byte automaton of a union of glob patterns.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/universe/glob.h"
#include "lang/base/result.h"

namespace bulkhead::universe {

/// The paths p for which `glob` matches `prefix` + p (a left quotient; `prefix` is mostly empty).
///
/// The root "/" under a prefix is the prefix itself: the root of a volume kept in /srv/data is the host's /srv/data.
struct PathPattern {
  std::string glob;
  std::string prefix;
  friend auto operator<=>(const PathPattern&, const PathPattern&) = default;
};

using StateId = std::uint32_t;
inline constexpr StateId kNoState = ~StateId{0};

/// Sorted, without repetition.
using StateSet = std::vector<StateId>;

struct PatternError {
  PathPattern pattern;
  std::string reason;
};

/// A union of patterns. Every token of every alternative is one state, which waits for that token; the state after the
/// last token accepts. `*` and `**` loop on their state, and have a silent step to the next one.
class Nfa {
 public:
  enum class Loop : std::uint8_t { None, Segment, All };  // on which bytes the state stays: all but `/`, or all
  struct Edge {
    std::uint8_t low;
    std::uint8_t high;
    StateId target;
  };

  /// Where a state stands in its pattern. Positions inside a scalar of several bytes have `byte` > 0.
  struct Place {
    std::uint32_t pattern;      // index into patterns()
    std::uint32_t alternative;  // of the pattern's braces
    std::uint32_t token;        // 0 .. number of tokens; that many: all of it is read
    std::uint8_t byte;          // 0 before the token; `/**`: 1 once its `/` is read; classes: bytes of the scalar read
    std::uint32_t sequence;     // of a class: which of its byte sequences
  };

  static constexpr std::size_t kMaxStates = 2'000'000;

  /// Cost: linear in the patterns after braces are multiplied out.
  static Result<Nfa, PatternError> build(std::vector<PathPattern> patterns);

  const std::vector<PathPattern>& patterns() const { return patterns_; }
  std::size_t size() const { return states_.size(); }
  std::span<const Edge> edges(StateId state) const {
    return {edges_.data() + states_[state].first_edge, edges_.data() + states_[state].last_edge};
  }
  Loop loop(StateId state) const { return states_[state].loop; }
  /// The state reached without reading, if there is one.
  StateId silent(StateId state) const { return states_[state].silent; }
  bool accepts(StateId state) const { return states_[state].accepts; }
  /// Whatever follows is accepted.
  bool always(StateId state) const { return states_[state].always; }
  const Place& place(StateId state) const { return states_[state].place; }

  /// The states before the first byte of a path, prefixes already read, closed under silent steps.
  const StateSet& initial() const { return initial_; }
  /// Whether the path "/" is in the language (see PathPattern for prefixes).
  bool holds_root() const { return holds_root_; }

  /// Adds the states that are reached without reading; sorts.
  void close(StateSet& states) const;
  StateSet step(const StateSet& states, std::uint8_t byte) const;
  bool accepts(const StateSet& states) const;

  /// Bytes with the same number are not told apart by any pattern; numbers from 0 without gaps.
  const std::array<std::uint8_t, 256>& byte_classes() const { return byte_classes_; }
  std::size_t byte_class_count() const { return byte_class_count_; }

 private:
  struct State {
    std::uint32_t first_edge = 0;
    std::uint32_t last_edge = 0;
    StateId silent = kNoState;
    Loop loop = Loop::None;
    bool accepts = false;
    bool always = false;
    Place place{};
  };

  StateId add_state(const Place& place);
  void add_alternative(const std::vector<Token>& tokens, const std::vector<std::vector<ByteSequence>>& classes,
                       const Place& place);
  void add_class(const std::vector<ByteSequence>& sequences, StateId from, StateId to);
  void seal(std::vector<std::pair<StateId, Edge>> edges);
  void number_bytes();

  std::vector<PathPattern> patterns_;
  std::vector<State> states_;
  std::vector<Edge> edges_;
  std::vector<std::pair<StateId, Edge>> pending_;
  StateSet initial_;
  bool holds_root_ = false;
  std::array<std::uint8_t, 256> byte_classes_{};
  std::size_t byte_class_count_ = 1;
};

/// A path is a byte string that starts with `/`, has no NUL, no empty, `.` or `..` segment and no `/` at its end,
/// except "/" itself. Its bytes need not be UTF-8. Limits of the kernel (NAME_MAX, PATH_MAX) are not part of the
/// definition.
bool is_path(std::string_view text);

}  // namespace bulkhead::universe
