// JSON with places: a bounded tree in which every key and value knows its bytes in the source.
//
// RFC 8259 and nothing beside it: no comments, no trailing commas, no duplicate keys, one document of valid UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/base/id.h"
#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::json {

using NodeId = Id<struct NodeTag>;

enum class Kind : std::uint8_t { Null, Bool, Number, String, Array, Object };
std::string_view to_string(Kind kind);  // "a string"

struct Member {
  std::string key;
  source::Span key_span;
  NodeId value;
};

struct Node {
  Kind kind = Kind::Null;
  source::Span span;  // of a string: with its quotes
  std::string text;   // of String: its value, of Number: as written, of Bool: "true" or "false"
  std::vector<Member> members;
  std::vector<NodeId> items;
  NodeId parent;     // invalid: the root
  std::string step;  // the key or index that leads here from the parent
};

struct Document {
  source::FileId file;
  std::vector<Node> nodes;  // parents before children; never empty

  const Node& root() const { return nodes.front(); }
  const Node& at(NodeId id) const { return nodes.at(id.index()); }
  /// The value of member `key` of an object, if it has one.
  const Node* find(const Node& object, std::string_view key) const;
  /// The JSON pointer of RFC 6901: "/capabilities/0/paths/1".
  std::string pointer(const Node& node) const;
};

/// A number without fraction or exponent that fits; nothing else is an integer.
std::optional<std::uint64_t> unsigned_of(const Node& node);
std::optional<std::int64_t> signed_of(const Node& node);

struct Bounds {
  std::size_t bytes = 4u << 20;
  std::size_t depth = 64;
  std::size_t nodes = 400'000;
};

/// The tree of `file`'s text, or nothing after reporting why.
///
/// Ensures: every string of the tree is valid UTF-8; it may hold NUL (written \u0000), which users of it must refuse.
/// Cost:    linear in the text; no recursion.
std::optional<Document> parse(const source::SourceMap& sources, source::FileId file, const Bounds& bounds,
                              diag::DiagnosticSink& sink);

}  // namespace bulkhead::json
