// Globs over paths: the definition. One path, one pattern, yes or no; everything faster is tested against it.
//
//   glob        alternatives after braces are expanded: a{b,c}d is abd or acd (nested braces allowed)
//   *           any bytes but '/'
//   **          any bytes
//   /**         before '/' or at the end: nothing, or '/' and any bytes. So /d/** includes /d, and /a/**/b includes
//   /a/b ?           one UTF-8 scalar but '/' [abc-f]     one UTF-8 scalar of the class, never '/'; [!abc] and [^abc]
//   one that is neither in it nor '/'; a ']' that
//               comes first, and one after a '\', belongs to the class
//   \x          the byte x itself
//   other bytes themselves
//
// Bytes that are no UTF-8 are matched by * and ** and by themselves only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/object.h"

namespace bulkhead::ir {

inline constexpr std::size_t kMaxGlobBytes = 4096;
inline constexpr std::size_t kMaxGlobAlternatives = 1024;

/// The alternatives of a glob, in order; or why it is none: unbalanced braces or brackets, an empty or reversed class,
/// a '\' at the end, bytes in a class that are no UTF-8, above a bound.
Result<std::vector<std::string>, std::string> expand_glob(std::string_view glob);

/// Requires: expand_glob(glob) succeeds. Cost: at most the product of the lengths for each alternative.
bool glob_matches(std::string_view glob, std::string_view path);

/// A glob that matches this text only.
std::string escape_glob(std::string_view text);

/// Resolved absolute paths: "/", or segments each after a '/', none of them empty, "." or "..", and no NUL byte.
bool is_valid_path(std::string_view path);

/// The folder that holds the name of the object; none of the volume's root.
std::optional<FileObject> folder_of(const FileObject& object);

/// The object lies in the pattern: its path, after the pattern's prefix, matches ("/" then is the prefix itself).
bool pattern_matches(const FilePattern& pattern, const FileObject& object);
bool pattern_matches(const NetPattern& pattern, const NetObject& object);
bool patterns_match(const ObjectPatterns& patterns, const Object& object);

}  // namespace bulkhead::ir
