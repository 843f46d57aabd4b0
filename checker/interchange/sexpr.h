// S-expressions as SMT-LIB has them, in a flat arena with places in the text. From anywhere: bounded, without
// recursion.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lang/base/result.h"

namespace bulkhead::interchange {

/// Where something is wrong: line and column from 1.
struct Place {
  std::uint32_t line = 1, column = 1;
};
struct TextError {
  Place place;
  std::string reason;  // lower case, without full stop
};

using NodeId = std::uint32_t;

/// An atom (a symbol without its bars, a numeral, a keyword, a string) or a list.
struct Expression {
  bool list = false;
  std::string_view text;      // of an atom
  std::vector<NodeId> items;  // of a list
  std::uint32_t begin = 0;    // in the text
};

class Expressions {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20u;
  static constexpr std::size_t kMaxNodes = std::size_t{1} << 23;
  static constexpr std::size_t kMaxDepth = std::size_t{1} << 20;

  /// Requires: the text outlives this.
  static Result<Expressions, TextError> read(std::string_view text);

  const std::vector<NodeId>& roots() const { return roots_; }
  const Expression& at(NodeId id) const { return nodes_[id]; }
  Place place(NodeId id) const { return place_of(text_, nodes_[id].begin); }
  /// Of nodes in the order of the text, in one pass.
  std::vector<Place> places(const std::vector<NodeId>& nodes) const;
  bool is(NodeId id, std::string_view symbol) const { return !at(id).list && at(id).text == symbol; }
  /// A list that begins with this symbol.
  bool begins(NodeId id, std::string_view symbol) const {
    return at(id).list && !at(id).items.empty() && is(at(id).items[0], symbol);
  }

  static Place place_of(std::string_view text, std::size_t offset);

 private:
  std::string_view text_;
  std::vector<Expression> nodes_;
  std::vector<NodeId> roots_;
};

}  // namespace bulkhead::interchange
