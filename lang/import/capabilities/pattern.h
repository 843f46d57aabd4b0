// Path patterns of capability files: which are acceptable, where their literal part ends, when two cannot meet.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::capabilities {

/// Why a pattern is refused, and what would mend it.
struct PatternFault {
  std::string message;
  std::string help;
};

/// Refuses what is relative, not normalised (`.`, `..`, `//`, a slash at the end), empty, longer than 4096 bytes, holds
/// NUL or control characters, unbalanced brackets, is the root of the host or lies in a tree that the sandbox makes
/// itself.
std::optional<PatternFault> pattern_fault(std::string_view glob);

/// The longest path of whole literal segments: "/data" of "/data/*.csv" and of "/data/**"; "/a/b" of itself.
std::string literal_prefix(std::string_view glob);
/// No segment holds a meta character: the pattern is one path.
bool is_exact(std::string_view glob);
/// `prefix` is `path` or a folder above it.
bool covers(std::string_view prefix, std::string_view path);

/// Soundness: `true` means that no path matches both; `false` means nothing. Test:
/// CapabilityPattern.DisjointnessIsSound.
bool surely_disjoint(std::string_view left, std::string_view right);

std::vector<std::string_view> segments_of(std::string_view glob);

}  // namespace bulkhead::capabilities
