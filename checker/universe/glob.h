// Globs over absolute paths, as token sequences: what a pattern of the policy means, before any automaton.
//
//   *        any bytes but `/`, also none
//   **       any bytes, also none
//   /**      before `/` or at the end: nothing, or `/` and any bytes; so `/d/**` includes `/d`, `/a/**/b` includes
//   `/a/b` ?        one UTF-8 scalar, neither `/` nor NUL [a-z_]   one UTF-8 scalar of the class; `[!a-z]` or `[^a-z]`
//   of its complement; never `/` or NUL {a,b}    either, also nested; `\x` is x itself; every other byte is itself
//
// Matching is on bytes: a path need not be UTF-8, but `?` and a class only match a well-formed scalar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lang/base/result.h"

namespace bulkhead::universe {

using Scalar = std::uint32_t;

/// Sorted, disjoint, inclusive ranges of scalars.
using ScalarSet = std::vector<std::pair<Scalar, Scalar>>;

struct Token {
  enum class Kind : std::uint8_t { Byte, Class, Segment, Anything, Subtree };
  Kind kind = Kind::Byte;
  std::uint8_t byte = 0;      // of Byte
  std::uint32_t scalars = 0;  // of Class: index into Glob::classes
};

/// The pattern as the union of its alternatives, braces multiplied out from the left.
struct Glob {
  std::vector<std::vector<Token>> alternatives;
  std::vector<ScalarSet> classes;
};

/// Why a text is no pattern.
struct GlobError {
  std::string reason;  // lower case, without full stop: "`[` is never closed"
};

inline constexpr std::size_t kMaxGlobBytes = std::size_t{16} * 1024;
inline constexpr std::size_t kMaxAlternatives = 1024;
inline constexpr std::size_t kMaxTokens = std::size_t{256} * 1024;  // of all alternatives together

/// Cost: bounded by the limits above, whatever the text; no recursion.
Result<Glob, GlobError> parse_glob(std::string_view text);

/// One way to spell scalars in bytes: up to four byte ranges in a row.
struct ByteSequence {
  std::uint8_t length = 0;
  std::uint8_t low[4] = {};
  std::uint8_t high[4] = {};
};

/// The UTF-8 spellings of a set of scalars; surrogates and overlong forms are left out.
std::vector<ByteSequence> utf8_sequences(const ScalarSet& scalars);

}  // namespace bulkhead::universe
