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

const std::string& SourceMap::name(FileId file) const {
  return files_.at(file.index()).name;
}

const std::string& SourceMap::text(FileId file) const {
  return files_.at(file.index()).text;
}

Position SourceMap::position(FileId file, std::uint32_t offset) const {
  const File& f = files_.at(file.index());
  Position position;
  position.line = line_number(file, offset);
  const std::uint32_t stop = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(f.text.size()));
  for (std::uint32_t i = f.line_starts[position.line - 1]; i < stop; ++i) {
    if ((static_cast<unsigned char>(f.text[i]) & 0xC0) != 0x80) ++position.column;
  }
  return position;
}

std::uint32_t SourceMap::line_number(FileId file, std::uint32_t offset) const {
  const std::vector<std::uint32_t>& starts = files_.at(file.index()).line_starts;
  return static_cast<std::uint32_t>(std::upper_bound(starts.begin(), starts.end(), offset) - starts.begin());
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
  return name(span.file) + ":" + std::to_string(line_number(span.file, span.begin));
}

std::string one_line(std::string_view text) {
  std::string line;
  bool blank = false;  // a blank is due before the next byte
  std::size_t i = 0;
  const auto put = [&](char byte) {
    if (blank && !line.empty()) line.push_back(' ');
    blank = false;
    line.push_back(byte);
  };
  while (i < text.size()) {
    const char byte = text[i];
    if (byte == '/' && i + 1 < text.size() && text[i + 1] == '/') {
      while (i < text.size() && text[i] != '\n') ++i;
      blank = true;
    } else if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
      blank = true;
      ++i;
    } else if (byte == '"') {
      do {
        put(text[i]);
        if (text[i] == '\\' && i + 1 < text.size()) put(text[++i]);
        ++i;
      } while (i < text.size() && text[i] != '"');
      if (i < text.size()) put(text[i++]);
    } else {
      put(byte);
      ++i;
    }
  }
  while (!line.empty() && (line.back() == ';' || line.back() == ' ')) line.pop_back();
  return line;
}

}  // namespace bulkhead::source
