#include "lang/source/source.h"

#include <algorithm>

#include "lang/base/check.h"

namespace bulkhead::source {

FileId SourceMap::add(std::string name, std::string text) {
  File file{std::move(name), std::move(text), {0}};
  for (std::size_t i = 0; i < file.text.size(); ++i) {
    if (file.text[i] == '\n') file.line_starts.push_back(static_cast<std::uint32_t>(i + 1));
  }
  files_.push_back(std::move(file));
  return FileId(files_.size() - 1);
}

const std::string& SourceMap::name(FileId file) const { return files_.at(file.index()).name; }

const std::string& SourceMap::text(FileId file) const { return files_.at(file.index()).text; }

Position SourceMap::position(FileId file, std::uint32_t offset) const {
  const File& f = files_.at(file.index());
  const auto after = std::upper_bound(f.line_starts.begin(), f.line_starts.end(), offset);
  Position position;
  position.line = static_cast<std::uint32_t>(after - f.line_starts.begin());
  const std::uint32_t stop = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(f.text.size()));
  for (std::uint32_t i = *(after - 1); i < stop; ++i) {
    if ((static_cast<unsigned char>(f.text[i]) & 0xC0) != 0x80) ++position.column;
  }
  return position;
}

std::string_view SourceMap::line(FileId file, std::uint32_t line) const {
  const File& f = files_.at(file.index());
  BH_CHECK(line >= 1 && line <= f.line_starts.size(), "no such line");
  const std::size_t begin = f.line_starts[line - 1];
  std::size_t end = line < f.line_starts.size() ? f.line_starts[line] - 1 : f.text.size();
  if (end > begin && f.text[end - 1] == '\r') --end;
  return std::string_view(f.text).substr(begin, end - begin);
}

std::string_view SourceMap::slice(const Span& span) const {
  return std::string_view(text(span.file)).substr(span.begin, span.end - span.begin);
}

std::string SourceMap::place(const Span& span) const {
  if (!span.file.valid()) return "";
  return name(span.file) + ":" + std::to_string(position(span.file, span.begin).line);
}

}  // namespace bulkhead::source
