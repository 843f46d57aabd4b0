// Source texts, spans in them, and the way from a byte offset to the line and column that a person reads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lang/base/id.h"

namespace bulkhead::source {

using FileId = Id<struct FileTag>;

/// A half-open range of bytes of one file. An invalid file means: no place (made by Bulkhead itself).
struct Span {
  FileId file;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

/// Line and column, both from 1; the column counts Unicode code points.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// All texts of one run, in the order in which they were read.
class SourceMap {
 public:
  /// Adds a text under the name that messages show. Cost: one pass over the text to find its lines.
  FileId add(std::string name, std::string text);

  std::size_t size() const { return files_.size(); }
  const std::string& name(FileId file) const;
  const std::string& text(FileId file) const;
  Position position(FileId file, std::uint32_t offset) const;
  /// The line alone. Cost: logarithmic, also in a file of one endless line.
  std::uint32_t line_number(FileId file, std::uint32_t offset) const;
  /// The text of a line (from 1) without its line end.
  std::string_view line(FileId file, std::uint32_t line) const;
  std::string_view slice(const Span& span) const;
  /// "policy.bh:12", or "" where the span has no place.
  std::string place(const Span& span) const;

 private:
  struct File {
    std::string name;
    std::string text;
    std::vector<std::uint32_t> line_starts;
  };
  std::vector<File> files_;
};

/// A sentence as people quote it: comments gone, white space outside of strings one blank, no `;` at the end.
std::string one_line(std::string_view text);

}  // namespace bulkhead::source
