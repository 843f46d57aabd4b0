#include "lang/import/json/json.h"

#include <algorithm>
#include <charconv>

namespace bulkhead::json {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::Null:
      return "null";
    case Kind::Bool:
      return "true or false";
    case Kind::Number:
      return "a number";
    case Kind::String:
      return "a string";
    case Kind::Array:
      return "an array";
    case Kind::Object:
      return "an object";
  }
  return "";
}

const Node* Document::find(const Node& object, std::string_view key) const {
  for (const auto& member : object.members) {
    if (member.key == key) return &at(member.value);
  }
  return nullptr;
}

std::string Document::pointer(const Node& node) const {
  std::vector<const std::string*> steps;
  for (const Node* at_node = &node; at_node->parent.valid(); at_node = &at(at_node->parent)) {
    steps.push_back(&at_node->step);
  }
  std::string out;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    out += '/';
    for (const char c : **step) {
      if (c == '~') {
        out += "~0";
      } else if (c == '/') {
        out += "~1";
      } else {
        out += c;
      }
    }
  }
  return out;
}

namespace {

template <typename T>
std::optional<T> integer_of(const Node& node) {
  if (node.kind != Kind::Number) return std::nullopt;
  T value{};
  const char* end = node.text.data() + node.text.size();
  const auto [stop, error] = std::from_chars(node.text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::uint64_t> unsigned_of(const Node& node) {
  return integer_of<std::uint64_t>(node);
}
std::optional<std::int64_t> signed_of(const Node& node) {
  return integer_of<std::int64_t>(node);
}

}  // namespace bulkhead::json
