#include <algorithm>
#include <array>
#include <limits>

#include "lang/syntax/build.h"

namespace bulkhead::syntax {

using diag::Code;

void Build::report(Code code, const source::Span& span, std::string message, std::string help) {
  sink.report({code, span, std::move(message), {}, std::move(help), {}});
}

ast::ExprId Build::add(ast::Expr expr) {
  module.exprs.push_back(std::move(expr));
  return ast::ExprId(module.exprs.size() - 1);
}

ast::Name name(const Cursor& at) {
  return {std::string(at.text()), at.span()};
}

std::vector<ast::Name> names(const Cursor& parent) {
  std::vector<ast::Name> found;
  for (const Cursor& child : parent.children(Rule::Name)) found.push_back(name(child));
  return found;
}

ast::Path path(const Cursor& at) {
  return {names(at), at.span()};
}

std::string as_written(const Cursor& at) {
  return std::string(at.text());
}

namespace {

constexpr std::array kUnits = {ast::Unit::Byte,   ast::Unit::KiB,    ast::Unit::MiB,
                               ast::Unit::GiB,    ast::Unit::TiB,    ast::Unit::Millisecond,
                               ast::Unit::Second, ast::Unit::Minute, ast::Unit::Hour};

ast::Unit unit(Build& build, const Cursor& word) {
  std::vector<std::string> known;
  for (const ast::Unit candidate : kUnits) {
    known.push_back(to_string(candidate));
    if (known.back() == word.text()) return candidate;
  }
  diag::Diagnostic diagnostic{
      Code::UnknownUnit, word.span(), "there is no unit `" + as_written(word) + "`", {}, "", {}};
  // People write `MB` and mean `MiB`; saying which power is meant is the reason for the units of this language.
  const std::string_view text = word.text();
  std::optional<std::string> meant;
  if (text.size() <= 2 && !text.empty() && std::string_view("KkMmGgTt").find(text[0]) != std::string_view::npos) {
    meant = std::string(1, static_cast<char>(text[0] & ~0x20)) + "iB";
  } else {
    meant = diag::did_you_mean(text, known);
  }
  if (meant) {
    diagnostic.help = "did you mean `" + *meant + "`?";
    diagnostic.fixes.push_back({word.span(), *meant});
  } else {
    diagnostic.help = "sizes are in B, KiB, MiB, GiB, TiB; durations in ms, s, min, h; rates end in /s";
  }
  build.sink.report(std::move(diagnostic));
  return ast::Unit::None;
}

/// The digits of `text` in `base`, or none where they need more than 64 bits.
std::optional<std::uint64_t> digits(std::string_view text, std::uint64_t base) {
  std::uint64_t value = 0;
  for (const char c : text) {
    const std::uint64_t digit =
        c <= '9' ? static_cast<std::uint64_t>(c - '0') : static_cast<std::uint64_t>((c | 0x20) - 'a' + 10);
    if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

void literal(Build& build, const Cursor& word, ast::Number& number) {
  const std::string_view text = word.text();
  const bool hex = text.size() > 2 && text[1] == 'x';
  const std::size_t point = hex ? std::string_view::npos : text.find('.');
  const std::optional<std::uint64_t> whole = digits(hex ? text.substr(2) : text.substr(0, point), hex ? 16 : 10);
  number.hexadecimal = hex;
  if (!whole) {
    build.report(Code::BadNumber, word.span(), "this number does not fit into 64 bits");
    return;
  }
  number.whole = *whole;
  if (point == std::string_view::npos) return;
  std::string fraction(text.substr(point + 1));
  while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
  if (fraction.size() > 6) {
    build.report(Code::BadNumber, word.span(), "this number has more than six digits after the point",
                 "fractions are kept exactly, in millionths");
    return;
  }
  fraction.resize(6, '0');
  number.millionths = static_cast<std::uint32_t>(*digits(fraction, 10));
}

}  // namespace

ast::Number number(Build& build, const Cursor& at) {
  ast::Number result;
  result.span = at.span();
  if (at.leaf()) {
    literal(build, at, result);
    return result;
  }
  bool after_slash = false;
  for (const Cursor& word : at.children()) {
    const std::string_view text = word.text();
    if (text == "-") {
      result.negative = true;
    } else if (text == "/") {
      after_slash = true;
    } else if (text[0] >= '0' && text[0] <= '9') {
      literal(build, word, result);
    } else if (!after_slash) {
      result.unit = unit(build, word);
    } else if (text == "s") {
      result.per_second = true;
    } else {
      build.report(Code::UnknownUnit, word.span(), "rates are per second", "write `/s`");
    }
  }
  return result;
}

namespace {

void put_utf8(std::string& out, std::uint32_t scalar) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (scalar < 0x80) {
    put(scalar);
  } else if (scalar < 0x800) {
    put(0xC0 | scalar >> 6);
    put(0x80 | (scalar & 0x3F));
  } else if (scalar < 0x10000) {
    put(0xE0 | scalar >> 12);
    put(0x80 | ((scalar >> 6) & 0x3F));
    put(0x80 | (scalar & 0x3F));
  } else {
    put(0xF0 | scalar >> 18);
    put(0x80 | ((scalar >> 12) & 0x3F));
    put(0x80 | ((scalar >> 6) & 0x3F));
    put(0x80 | (scalar & 0x3F));
  }
}

/// Reads `u{1F600}` at `from`; the number of bytes read, or 0 where it is no scalar (or NUL, which no path may hold).
std::size_t unicode_escape(std::string_view text, std::size_t from, std::string& out) {
  if (text.substr(from, 2) != "u{") return 0;
  const std::size_t close = text.find('}', from);
  if (close == std::string_view::npos || close == from + 2 || close > from + 8) return 0;
  std::uint32_t scalar = 0;
  for (const char c : text.substr(from + 2, close - from - 2)) {
    if (std::string_view("0123456789abcdefABCDEF").find(c) == std::string_view::npos) return 0;
    scalar = scalar * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  if (scalar == 0 || scalar > 0x10FFFF || (scalar >= 0xD800 && scalar <= 0xDFFF)) return 0;
  put_utf8(out, scalar);
  return close + 1 - from;
}

}  // namespace

ast::String string(Build& build, const Cursor& at) {
  const std::string_view quoted = at.text();
  const source::Span span = at.span();
  ast::String result{"", span};
  const bool closed = quoted.size() >= 2 && quoted.back() == '"';
  const std::string_view body = quoted.substr(1, quoted.size() - (closed ? 2 : 1));
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\' || i + 1 == body.size()) {
      result.value += body[i];
      continue;
    }
    ++i;
    const char c = body[i];
    if (c == '"' || c == '\\') {
      result.value += c;
    } else if (c == 'n' || c == 't' || c == 'r') {
      result.value += c == 'n' ? '\n' : c == 't' ? '\t' : '\r';
    } else if (const std::size_t length = unicode_escape(body, i, result.value)) {
      i += length - 1;
    } else {
      const std::uint32_t begin = span.begin + 1 + static_cast<std::uint32_t>(i) - 1;
      std::uint32_t end = begin + 2;  // the whole character, which may be long
      while (end < span.end && (static_cast<unsigned char>(build.text[end]) & 0xC0) == 0x80) ++end;
      build.report(Code::BadEscape, {span.file, begin, end}, "this escape has no meaning in a string",
                   "there are \\\" \\\\ \\n \\t \\r and \\u{HEX}; a backslash of a glob is written \\\\");
    }
  }
  return result;
}

ast::Doc doc_above(const Build& build, const source::Span& span) {
  const auto after = [](const Token& token, std::uint32_t begin) { return token.begin < begin; };
  auto at = std::lower_bound(build.tokens.begin(), build.tokens.end(), span.begin, after);
  std::vector<std::string_view> lines;
  while (at != build.tokens.begin() && (at - 1)->comment()) {
    --at;
    if (at->cls != TokenClass::Doc) continue;
    std::string_view line = at->in(build.text).substr(3);
    if (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    lines.push_back(line);
  }
  ast::Doc doc;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (line != lines.rbegin()) doc += '\n';
    doc += *line;
  }
  return doc;
}

}  // namespace bulkhead::syntax
