#include <algorithm>
#include <charconv>

#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/audit/verify.h"

namespace bulkhead::audit {
namespace {

constexpr std::size_t kMaxDepth = 8;
constexpr std::size_t kMaxFields = 4096;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(std::string& out, std::uint32_t scalar) {
  if (scalar < 0x80) {
    out += static_cast<char>(scalar);
    return;
  }
  const auto continuation = [&](unsigned shift) { out += static_cast<char>(0x80 | ((scalar >> shift) & 0x3F)); };
  if (scalar < 0x800) {
    out += static_cast<char>(0xC0 | (scalar >> 6));
  } else if (scalar < 0x10000) {
    out += static_cast<char>(0xE0 | (scalar >> 12));
    continuation(6);
  } else {
    out += static_cast<char>(0xF0 | (scalar >> 18));
    continuation(12);
    continuation(6);
  }
  continuation(0);
}

/// Reads one object with an explicit stack of open containers.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool read(std::vector<JsonField>& fields) {
    if (!take('{')) return false;
    open_.push_back({false, 0, 0});
    if (take('}')) open_.pop_back();
    while (!open_.empty()) {
      if (!member(fields)) return false;
    }
    space();
    return at_ == text_.size();
  }

 private:
  struct Open {
    bool array = false;
    std::size_t count = 0;
    std::size_t prefix = 0;  // length of the dotted name before this container's members
  };

  void space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool take(char c) {
    space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// One member of the innermost container, and the brackets that close after it.
  bool member(std::vector<JsonField>& fields) {
    Open& top = open_.back();
    name_.resize(top.prefix);
    if (top.count != 0 && !take(',')) return false;
    std::string key = std::to_string(top.count);
    if (!top.array && (!string(key) || !take(':'))) return false;
    ++top.count;
    if (!name_.empty()) name_ += '.';
    name_ += key;
    if (!value(fields)) return false;
    while (!open_.empty() && take(open_.back().array ? ']' : '}')) open_.pop_back();
    return true;
  }

  bool value(std::vector<JsonField>& fields) {
    space();
    if (at_ >= text_.size() || fields.size() >= kMaxFields) return false;
    const char c = text_[at_];
    if (c == '{' || c == '[') {
      if (open_.size() >= kMaxDepth) return false;
      ++at_;
      // An empty container closes at once; otherwise its members come next.
      if (take(c == '{' ? '}' : ']')) return true;
      open_.push_back({c == '[', 0, name_.size()});
      return true;
    }
    JsonField field{name_, JsonField::Kind::Null, {}};
    if (c == '"') {
      field.kind = JsonField::Kind::Text;
      if (!string(field.value)) return false;
    } else if (word("true")) {
      field.kind = JsonField::Kind::True;
    } else if (word("false")) {
      field.kind = JsonField::Kind::False;
    } else if (!word("null")) {
      field.kind = JsonField::Kind::Number;
      if (!number(field.value)) return false;
    }
    fields.push_back(std::move(field));
    return true;
  }

  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  bool digits() {
    const std::size_t first = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ != first;
  }

  bool number(std::string& out) {
    const std::size_t first = at_;
    if (text_[at_] == '-') ++at_;
    const std::size_t whole = at_;
    if (!digits() || (text_[whole] == '0' && at_ - whole > 1)) return false;
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      if (!digits()) return false;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (!digits()) return false;
    }
    out = text_.substr(first, at_ - first);
    return true;
  }

  bool hex4(std::uint32_t& unit) {
    if (text_.size() - at_ < 4) return false;
    const char* first = text_.data() + at_;
    const auto [end, error] = std::from_chars(first, first + 4, unit, 16);
    at_ += 4;
    return error == std::errc{} && end == first + 4 && *first != '-';
  }

  bool escape(std::string& out) {
    if (at_ >= text_.size()) return false;
    const char c = text_[at_++];
    static constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    if (const auto found = kFrom.find(c); found != std::string_view::npos) {
      out += kTo[found];
      return true;
    }
    std::uint32_t unit = 0, low = 0;
    if (c != 'u' || !hex4(unit) || (unit >= 0xDC00 && unit <= 0xDFFF)) return false;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      if (!word("\\u") || !hex4(low) || low < 0xDC00 || low > 0xDFFF) return false;
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, unit);
    return true;
  }

  bool string(std::string& out) {
    out.clear();
    if (!take('"')) return false;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\') {
        if (!escape(out)) return false;
      } else {
        out += c;
      }
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  std::string name_;
};

}  // namespace

const JsonField* JsonFields::find(std::string_view name) const {
  for (const JsonField& field : fields_) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::string_view JsonFields::text(std::string_view name) const {
  const JsonField* field = find(name);
  return field != nullptr && field->kind == JsonField::Kind::Text ? std::string_view(field->value) : std::string_view();
}

std::optional<std::uint64_t> JsonFields::number(std::string_view name) const {
  const JsonField* field = find(name);
  if (field == nullptr || field->kind != JsonField::Kind::Number) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = field->value.data() + field->value.size();
  const auto [stop, error] = std::from_chars(field->value.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<bool> JsonFields::boolean(std::string_view name) const {
  const JsonField* field = find(name);
  if (field == nullptr || (field->kind != JsonField::Kind::True && field->kind != JsonField::Kind::False)) {
    return std::nullopt;
  }
  return field->kind == JsonField::Kind::True;
}

std::optional<JsonFields> read_json_line(std::string_view line) {
  if (line.size() > kMaxLineBytes || !is_utf8(line)) return std::nullopt;
  std::vector<JsonField> fields;
  if (!Reader(line).read(fields)) return std::nullopt;
  std::vector<std::string_view> names;
  for (const JsonField& field : fields) names.push_back(field.name);
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end()) return std::nullopt;
  return JsonFields(std::move(fields));
}

}  // namespace bulkhead::audit
