#include "lang/syntax/cursor.h"

#include "lang/base/check.h"

namespace bulkhead::syntax {

std::string_view Cursor::text() const {
  const source::Span place = span();
  return reading_->text.substr(place.begin, place.end - place.begin);
}

source::Span Cursor::span() const {
  const Tree::Node& n = node();
  if (n.first_token == n.last_token) {  // an empty rule stands after the word before it
    const std::uint32_t at = n.first_token == 0 ? 0 : reading_->words[n.first_token - 1].end;
    return {reading_->file, at, at};
  }
  return {reading_->file, reading_->words[n.first_token].begin, reading_->words[n.last_token - 1].end};
}

std::vector<Cursor> Cursor::children() const {
  std::vector<Cursor> found;
  const auto& nodes = reading_->tree->nodes;
  if (leaf()) return found;
  for (std::size_t i = index_ + 1; i < node().end; i = nodes[i].end) found.emplace_back(*reading_, i);
  return found;
}

std::vector<Cursor> Cursor::children(Rule rule) const {
  std::vector<Cursor> found;
  for (const Cursor& c : children()) {
    if (!c.leaf() && c.rule() == rule) found.push_back(c);
  }
  return found;
}

std::optional<Cursor> Cursor::child(Rule rule) const {
  for (const Cursor& c : children()) {
    if (!c.leaf() && c.rule() == rule) return c;
  }
  return std::nullopt;
}

Cursor Cursor::only(Rule rule) const {
  const std::optional<Cursor> found = child(rule);
  BH_CHECK(found.has_value(), "the grammar promises this child");
  return *found;
}

Cursor Cursor::inside() const {
  BH_CHECK(!leaf() && node().end > index_ + 1, "the grammar promises a child");
  return {*reading_, index_ + 1};
}

std::optional<Cursor> Cursor::find(std::string_view word) const {
  for (const Cursor& c : children()) {
    if (c.leaf() && c.text() == word) return c;
  }
  return std::nullopt;
}

std::vector<Cursor> Cursor::words() const {
  std::vector<Cursor> found;
  for (const Cursor& c : children()) {
    if (c.leaf()) found.push_back(c);
  }
  return found;
}

}  // namespace bulkhead::syntax
