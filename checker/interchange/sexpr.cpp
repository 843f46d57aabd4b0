#include "checker/interchange/sexpr.h"

#include <algorithm>

namespace bulkhead::interchange {

Place Expressions::place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line = before.rfind('\n');
  const std::size_t column = line == std::string_view::npos ? offset : offset - line - 1;
  return {static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1),
          static_cast<std::uint32_t>(column + 1)};
}

std::vector<Place> Expressions::places(const std::vector<NodeId>& nodes) const {
  std::vector<Place> list;
  Place at;
  std::size_t offset = 0;
  for (const NodeId node : nodes) {
    for (; offset < nodes_[node].begin; ++offset) {
      at = text_[offset] == '\n' ? Place{at.line + 1, 1} : Place{at.line, at.column + 1};
    }
    list.push_back(at);
  }
  return list;
}

Result<Expressions, TextError> Expressions::read(std::string_view text) {
  Expressions made;
  made.text_ = text;
  if (text.size() > kMaxBytes) return fail(TextError{{}, "the text is longer than 64 MiB"});
  std::vector<NodeId> open;
  const auto wrong = [&](std::size_t at, const char* why) { return fail(TextError{place_of(text, at), why}); };
  const auto add = [&](Expression expression) {
    const auto id = static_cast<NodeId>(made.nodes_.size());
    made.nodes_.push_back(std::move(expression));
    (open.empty() ? made.roots_ : made.nodes_[open.back()].items).push_back(id);
    return id;
  };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto begin = static_cast<std::uint32_t>(at);
    if (made.nodes_.size() >= kMaxNodes) return wrong(at, "the text has too many parts");
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at;
    } else if (c == ';') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '(') {
      if (open.size() >= kMaxDepth) return wrong(at, "the text is nested too deeply");
      open.push_back(add({true, {}, {}, begin}));
      ++at;
    } else if (c == ')') {
      if (open.empty()) return wrong(at, "there is no `(` for this `)`");
      open.pop_back();
      ++at;
    } else if (c == '|' || c == '"') {
      const std::size_t end = text.find(c, at + 1);
      if (end == std::string_view::npos) return wrong(at, "this is never closed");
      add({false, text.substr(at + (c == '|' ? 1 : 0), end - at - (c == '|' ? 1 : 0)), {}, begin});
      at = end + 1;
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n();|\"", at), text.size());
      add({false, text.substr(at, end - at), {}, begin});
      at = end;
    }
  }
  if (!open.empty()) return wrong(made.nodes_[open.back()].begin, "this `(` is never closed");
  return made;
}

}  // namespace bulkhead::interchange
