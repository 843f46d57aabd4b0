// Fields of a certificate file: words, numbers and texts, written and read back. Trusted, internal to
// checker/certificate.
#pragma once

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "lang/base/id.h"
#include "lang/ir/request.h"

namespace bulkhead::certificate {

/// A sequence of fields, each on a line of its own: a word, then numbers in decimal or texts as LENGTH:BYTES.
class Writer {
 public:
  std::string out;

  explicit Writer(std::string_view header) : out(header) {}

  void word(std::string_view text) { out += "\n" + std::string(text); }
  void number(std::uint64_t value) { out += " " + std::to_string(value); }
  void text(std::string_view value) { out += " " + std::to_string(value.size()) + ":" + std::string(value); }
  template <typename Tag>
  void id(Id<Tag> value) {
    number(value.valid() ? value.index() + 1 : 0);
  }
};

/// Reads what Writer wrote. After the first field that is not there, everything is empty and failed() is true.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool failed() const { return failed_; }
  bool at_end() const { return text_ == "\n"; }
  bool word(std::string_view expected) {
    if (text_.substr(0, 1) != "\n" || text_.substr(1, expected.size()) != expected) return fail();
    const std::string_view rest = text_.substr(1 + expected.size());
    if (!rest.empty() && rest[0] != ' ' && rest[0] != '\n') return fail();
    text_ = rest;
    return true;
  }
  /// Whether the next field is this word; reads nothing.
  bool next_is(std::string_view expected) const {
    const std::string_view rest = text_.substr(0, 1) == "\n" ? text_.substr(1) : std::string_view();
    return rest.starts_with(expected) &&
           (rest.size() == expected.size() || rest[expected.size()] == ' ' || rest[expected.size()] == '\n');
  }
  std::uint64_t number(std::uint64_t max = std::numeric_limits<std::uint64_t>::max()) {
    if (!skip(' ')) return 0;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc() || value > max || (text_[0] == '0' && end != text_.data() + 1)) return fail();
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return value;
  }
  /// The length of a list: each element takes at least two bytes, so a lie is noticed before memory is spent.
  std::size_t count() { return static_cast<std::size_t>(number(text_.size() / 2)); }
  std::string text() {
    const auto size = static_cast<std::size_t>(number(text_.size()));
    if (!skip(':') || size > text_.size()) {
      fail();
      return "";
    }
    std::string value(text_.substr(0, size));
    text_.remove_prefix(size);
    return value;
  }
  template <typename T>
  T id() {
    const std::uint64_t value = number(std::numeric_limits<std::uint32_t>::max() - 1);
    return value == 0 ? T() : T{static_cast<std::size_t>(value - 1)};
  }

 private:
  bool skip(char c) {
    if (failed_ || text_.empty() || text_[0] != c) return fail();
    text_.remove_prefix(1);
    return true;
  }
  bool fail() {
    failed_ = true;
    text_ = {};
    return false;
  }
  std::string_view text_;
  bool failed_ = false;
};

void put(Writer& w, const ir::Object& object);
ir::Object get_object(Scanner& s);
void put(Writer& w, const ir::Request& request);
ir::Request get_request(Scanner& s);

}  // namespace bulkhead::certificate
