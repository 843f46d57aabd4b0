#include "lang/syntax/tokens.h"

#include <algorithm>
#include <array>

#include "lang/syntax/grammar.h"
#include "lang/syntax/parser.h"

namespace bulkhead::syntax {
namespace {

using diag::Code;
using diag::Diagnostic;
using source::Span;

Span span_at(source::FileId file, std::size_t begin, std::size_t end) {
  return {file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

/// The length of the UTF-8 scalar that begins at `at`, or 0 where none does (overlong forms and surrogates are none).
std::size_t scalar_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned c = byte(at);
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return tail(at + 1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    if (!tail(at + 1) || !tail(at + 2)) return 0;
    if (c == 0xE0 && byte(at + 1) < 0xA0) return 0;
    if (c == 0xED && byte(at + 1) >= 0xA0) return 0;
    return 3;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    if (!tail(at + 1) || !tail(at + 2) || !tail(at + 3)) return 0;
    if (c == 0xF0 && byte(at + 1) < 0x90) return 0;
    if (c == 0xF4 && byte(at + 1) >= 0x90) return 0;
    return 4;
  }
  return 0;
}

std::string hex_byte(char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const unsigned value = static_cast<unsigned char>(c);
  return std::string("0x") + digits[value >> 4] + digits[value & 15u];
}

std::uint16_t kind_of(std::string_view text) {
  std::uint16_t found = 0;
  scan(text, 0, [&found](const RawToken& raw) {
    found = raw.token.kind;
    return false;
  });
  return found;
}

constexpr std::string_view kSigns = "()[]{};";

/// The grammar's numbers of kSigns.
const std::array<std::uint16_t, kSigns.size()>& sign_kinds() {
  static const auto kinds = [] {
    std::array<std::uint16_t, kSigns.size()> all{};
    for (std::size_t i = 0; i < kSigns.size(); ++i) all[i] = kind_of(kSigns.substr(i, 1));
    return all;
  }();
  return kinds;
}

class Scanner {
 public:
  Scanner(std::string_view text, source::FileId file, diag::DiagnosticSink& sink)
      : text_(text), file_(file), sink_(sink) {}

  Tokens run() {
    const std::size_t begin = text_.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;  // a byte order mark says nothing in UTF-8
    scan(text_, begin, [this](const RawToken& raw) { return take(raw); });
    flush_bad();
    return std::move(tokens_);
  }

 private:
  bool take(const RawToken& raw) {
    if (raw.kind == RawKind::Bad) {
      if (bad_end_ != raw.token.begin) flush_bad();
      if (bad_end_ == bad_begin_) bad_begin_ = raw.token.begin;
      bad_end_ = raw.token.end;
      return mistakes_ < kMaxMistakes;
    }
    flush_bad();
    if (raw.kind == RawKind::Unterminated) return unterminated(raw.token);
    if (tokens_.all.size() == kMaxTokens) {
      sink_.report({Code::InputTooLarge,
                    span_at(file_, raw.token.begin, raw.token.end),
                    "the file has more than " + std::to_string(kMaxTokens) + " words and signs",
                    {},
                    "split the policy into modules that import each other",
                    {}});
      return false;
    }
    tokens_.all.push_back(raw.token);
    return mistakes_ < kMaxMistakes;
  }

  void flush_bad() {
    if (bad_end_ == bad_begin_) return;
    const std::string_view what = text_.substr(bad_begin_, bad_end_ - bad_begin_);
    Diagnostic diagnostic{Code::UnexpectedCharacter, span_at(file_, bad_begin_, bad_end_), "", {}, "", {}};
    const unsigned char first = static_cast<unsigned char>(what[0]);
    if (first >= 0x80) {
      diagnostic.message = "characters outside ASCII stand only in strings and comments";
    } else if (first < 0x20 || first == 0x7F) {
      diagnostic.message = "the control character " + hex_byte(what[0]) + " has no meaning here";
    } else {
      diagnostic.message = "the character `" + std::string(1, what[0]) + "` has no meaning here";
    }
    if (first == '#') diagnostic.help = "comments begin with `//`";
    if (first == '\'') diagnostic.help = "strings stand in double quotes";
    sink_.report(std::move(diagnostic));
    tokens_.damaged.push_back(static_cast<std::uint32_t>(bad_begin_));
    bad_begin_ = bad_end_ = 0;
    count_mistake();
  }

  bool unterminated(const Token& token) {
    Diagnostic diagnostic{Code::UnterminatedString,
                          span_at(file_, token.begin, token.begin + 1),
                          "this string does not end on its line",
                          {},
                          "close it with `\"`",
                          {}};
    sink_.report(std::move(diagnostic));
    // A string all the same, so that the sentence around it gives no second error.
    Token closed = token;
    tokens_.damaged.push_back(token.begin);
    closed.kind = kind_of("\"\"");
    closed.cls = TokenClass::String;
    tokens_.all.push_back(closed);
    return count_mistake();
  }

  bool count_mistake() {
    if (++mistakes_ == kMaxMistakes) {
      sink_.report({Code::TooManyMistakes,
                    span_at(file_, text_.size(), text_.size()),
                    "the rest of the file is not read after " + std::to_string(kMaxMistakes) + " mistakes",
                    {},
                    "is this file a policy?",
                    {}});
    }
    return mistakes_ < kMaxMistakes;
  }

  std::string_view text_;
  source::FileId file_;
  diag::DiagnosticSink& sink_;
  Tokens tokens_;
  std::size_t bad_begin_ = 0;
  std::size_t bad_end_ = 0;
  std::size_t mistakes_ = 0;
};

}  // namespace

char sign_of(const Token& token) {
  if (token.cls != TokenClass::Sign) return ' ';
  const auto& kinds = sign_kinds();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i] == token.kind) return kSigns[i];
  }
  return ' ';
}

Token made_up(char sign, std::uint32_t at) {
  return {at, at, sign_kinds()[kSigns.find(sign)], TokenClass::Sign};
}

bool readable(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink) {
  const std::string& text = sources.text(file);
  if (text.size() > kMaxBytes) {
    sink.report({Code::InputTooLarge,
                 span_at(file, 0, 0),
                 "the file has more than " + std::to_string(kMaxBytes >> 20) + " MiB",
                 {},
                 "split the policy into modules that import each other",
                 {}});
    return false;
  }
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\0') {
      sink.report(
          {Code::NulByte, span_at(file, i, i + 1), "the file contains a NUL byte", {}, "is this a text file?", {}});
      return false;
    }
    const std::size_t length = scalar_length(text, i);
    if (length == 0) {
      sink.report({Code::NotUtf8,
                   span_at(file, i, i + 1),
                   "the byte " + hex_byte(text[i]) + " is not valid UTF-8 here",
                   {},
                   "save the file as UTF-8",
                   {}});
      return false;
    }
    i += length;
  }
  return true;
}

Tokens tokens(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink) {
  return Scanner(sources.text(file), file, sink).run();
}

}  // namespace bulkhead::syntax
