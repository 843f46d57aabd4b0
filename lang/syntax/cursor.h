// Cursor: a place in the tree of rules, with the words of the text that it covers. Builders walk with it.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lang/syntax/grammar.h"

namespace bulkhead::syntax {

/// What a tree was made from.
struct Reading {
  const Tree* tree = nullptr;
  std::span<const Token> words;
  std::string_view text;
  source::FileId file;
};

class Cursor {
 public:
  Cursor(const Reading& reading, std::size_t index) : reading_(&reading), index_(index) {}

  Rule rule() const { return node().rule; }
  bool leaf() const { return node().leaf != Tree::kNoToken; }
  /// The text that it covers, comments inside it included.
  std::string_view text() const;
  source::Span span() const;

  std::vector<Cursor> children() const;           // rules and words
  std::vector<Cursor> children(Rule rule) const;  // of this rule, in order
  std::optional<Cursor> child(Rule rule) const;   // the first of this rule
  Cursor only(Rule rule) const;                   // Requires: there is one
  Cursor inside() const;                          // the first child; Requires: there is one

  /// Whether `word` stands directly here, not inside a rule below; and where.
  bool has(std::string_view word) const { return find(word).has_value(); }
  std::optional<Cursor> find(std::string_view word) const;
  /// The words that stand directly here.
  std::vector<Cursor> words() const;

 private:
  const Tree::Node& node() const { return reading_->tree->nodes[index_]; }

  const Reading* reading_;
  std::size_t index_;
};

}  // namespace bulkhead::syntax
