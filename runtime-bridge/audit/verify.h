// Reading an audit log back: is its chain whole, and why was the n-th denial one?
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lang/base/result.h"

namespace bulkhead::audit {

/// A larger log, or a longer line, is refused, not read.
inline constexpr std::uint64_t kMaxLogBytes = std::uint64_t{1} << 30;
inline constexpr std::size_t kMaxLineBytes = std::size_t{1} << 18;

struct RunSummary {
  std::string run;
  std::uint64_t lines = 0;
  std::uint64_t denials = 0;  // folded ones counted singly
  bool ended = false;         // has its SandboxExit, with the right count and head
  std::string head;           // `hash` of its last line; compare it with a copy kept elsewhere
};

struct ChainOk {
  std::vector<RunSummary> runs;  // in order of their first line
  bool complete = true;          // every run ended
};

struct ChainBroken {
  std::uint64_t line = 0;  // the first broken line, from 1
  std::string reason;
};

using Verification = std::variant<ChainOk, ChainBroken>;

/// Checks every line: form, its own hash, its place in its run's chain, the count and head of SandboxExit.
///
/// Trusts nothing in the file; memory is bounded by 48 bytes for each line. A log without a key cannot stop someone who
/// rewrites it from some line to the end with new hashes: that shows only beside a head that was kept elsewhere.
Result<Verification> verify(const std::string& path);

/// The n-th denial (from 1) of the last run in the log, as a short story. `n` past the end says how many there are.
Result<std::string> why(const std::string& path, std::uint64_t n);

}  // namespace bulkhead::audit
