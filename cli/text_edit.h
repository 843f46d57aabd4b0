// Changes of a text: applied in memory, and written as a unified diff that `patch` accepts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lang/source/source.h"

namespace bulkhead::cli {

/// Replaces the bytes from `begin` to `end` of a file.
struct Edit {
  source::FileId file;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string text;
  std::string what;  // for people: "removed", "without `write`", "then `never read Secrets;`"
};

/// Requires: edits of one file, each within the text, no two overlapping.
std::string apply(const std::string& text, std::vector<Edit> edits);

/// The difference line by line, with three lines of context; "" where the two are equal. A missing line end at the end
/// of a text is said as diff says it.
std::string unified_diff(const std::string& name, const std::string& before, const std::string& after);

}  // namespace bulkhead::cli
