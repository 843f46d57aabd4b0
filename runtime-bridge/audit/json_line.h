// One JSON object on one line: a tiny writer, and a bounded reader for the same form.
//
// The reader takes any strict JSON object of at most kMaxLineBytes bytes, nested at most eight deep, and gives its
// leaves with dotted names ("rule.line", "command.0"); nothing here recurses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulkhead::audit {

/// Bytes that Bulkhead does not control, as text: valid UTF-8 stays, a backslash is doubled, controls, bidirectional
/// marks and bytes that are no UTF-8 become `\xNN`. Reversible; cut at `max_bytes` raw bytes with `...` after it.
std::string escape_untrusted(std::string_view bytes, std::size_t max_bytes);

bool is_utf8(std::string_view bytes);

/// Of a list of strings, so many are written at the most and so many bytes about; `[N more]` stands for the others. A
/// line that a caller's thousand words made longer than a reader takes would be no record at all.
inline constexpr std::size_t kMaxListItems = 1024, kMaxListBytes = std::size_t{1} << 16;

/// Writes members in the order of the calls. Every string is escaped as above, at 4 KiB.
class JsonLine {
 public:
  JsonLine& text(std::string_view name, std::string_view value);
  JsonLine& number(std::string_view name, std::uint64_t value);
  JsonLine& integer(std::string_view name, std::int64_t value);
  JsonLine& boolean(std::string_view name, bool value);
  JsonLine& null(std::string_view name);
  JsonLine& open(std::string_view name);  // a nested object
  JsonLine& close();
  JsonLine& texts(std::string_view name, const std::vector<std::string>& values);  // untrusted strings
  JsonLine& numbers(std::string_view name, const std::vector<std::uint32_t>& values);

  /// What stands so far, without the outer `}`.
  const std::string& prefix() const { return out_; }
  /// The finished object, without newline.
  std::string finish() const { return out_ + "}"; }

 private:
  void name(std::string_view name);
  std::string out_ = "{";
  bool first_ = true;
};

struct JsonField {
  enum class Kind : std::uint8_t { Text, Number, True, False, Null };
  std::string name;  // dotted
  Kind kind = Kind::Null;
  std::string value;  // decoded text, or the digits of the number
};

class JsonFields {
 public:
  explicit JsonFields(std::vector<JsonField> fields) : fields_(std::move(fields)) {}
  const JsonField* find(std::string_view name) const;
  std::string_view text(std::string_view name) const;                // "" where absent or no text
  std::optional<std::uint64_t> number(std::string_view name) const;  // absent where negative, broken or too large
  std::optional<bool> boolean(std::string_view name) const;
  const std::vector<JsonField>& all() const { return fields_; }

 private:
  std::vector<JsonField> fields_;
};

/// The leaves of `line`, or nothing where it is not one strict JSON object (duplicate names are refused too).
std::optional<JsonFields> read_json_line(std::string_view line);

}  // namespace bulkhead::audit
