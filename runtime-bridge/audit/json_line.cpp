#include "runtime-bridge/audit/json_line.h"

#include "runtime-bridge/audit/log.h"

namespace bulkhead::audit {
namespace {

/// `text` holds neither controls nor broken UTF-8 (escape_untrusted saw it), so two characters are left to quote.
void quote(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace

void JsonLine::name(std::string_view name) {
  if (!first_) out_ += ',';
  first_ = false;
  quote(out_, name);
  out_ += ':';
}

JsonLine& JsonLine::text(std::string_view name, std::string_view value) {
  this->name(name);
  quote(out_, escape_untrusted(value, kMaxUntrustedBytes));
  return *this;
}

JsonLine& JsonLine::number(std::string_view name, std::uint64_t value) {
  this->name(name);
  out_ += std::to_string(value);
  return *this;
}

JsonLine& JsonLine::integer(std::string_view name, std::int64_t value) {
  this->name(name);
  out_ += std::to_string(value);
  return *this;
}

JsonLine& JsonLine::boolean(std::string_view name, bool value) {
  this->name(name);
  out_ += value ? "true" : "false";
  return *this;
}

JsonLine& JsonLine::null(std::string_view name) {
  this->name(name);
  out_ += "null";
  return *this;
}

JsonLine& JsonLine::open(std::string_view name) {
  this->name(name);
  out_ += '{';
  first_ = true;
  return *this;
}

JsonLine& JsonLine::close() {
  out_ += '}';
  first_ = false;
  return *this;
}

JsonLine& JsonLine::texts(std::string_view name, const std::vector<std::string>& values) {
  this->name(name);
  out_ += '[';
  const std::size_t begin = out_.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) out_ += ',';
    if (i == kMaxListItems || out_.size() - begin > kMaxListBytes) {
      quote(out_, "[" + std::to_string(values.size() - i) + " more]");
      break;
    }
    quote(out_, escape_untrusted(values[i], kMaxUntrustedBytes));
  }
  out_ += ']';
  return *this;
}

JsonLine& JsonLine::numbers(std::string_view name, const std::vector<std::uint32_t>& values) {
  this->name(name);
  out_ += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) out_ += ',';
    out_ += std::to_string(values[i]);
  }
  out_ += ']';
  return *this;
}

}  // namespace bulkhead::audit
