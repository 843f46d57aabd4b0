#include "lang/import/selinux/cursor.h"

#include <algorithm>
#include <charconv>

#include "lang/import/selinux/read.h"

namespace bulkhead::selinux {

std::string spell(const Cursor& cursor) {
  if (cursor.at_end()) return "the end of the file";
  if (cursor.token().kind == TokenKind::Bad && cursor.word() == "\"") return "a string that does not end on its line";
  const char first = cursor.word().front();
  if (cursor.token().kind == TokenKind::Bad && (first < ' ' || first > '~')) return "a character that has no meaning";
  return "`" + std::string(cursor.word().substr(0, 60)) + "`";
}

Cursor::Cursor(std::string_view text, Draft& draft) : draft_(draft), lexer_(text), token_(lexer_.next()) {}

void Cursor::fail(std::string message) {
  if (!mistake_) mistake_ = Mistake{token_.begin, std::max(token_.end, token_.begin), std::move(message)};
  token_ = {TokenKind::End, token_.end, token_.end};
}

void Cursor::advance() {
  if (mistake_) return;
  last_end_ = token_.end;
  token_ = lexer_.next();
}

bool Cursor::take_sign(std::string_view sign) {
  if (!at_sign(sign)) return false;
  advance();
  return true;
}

bool Cursor::take_word(std::string_view text) {
  if (!at_word(text)) return false;
  advance();
  return true;
}

void Cursor::expect_sign(std::string_view sign) {
  if (!take_sign(sign)) fail("expected `" + std::string(sign) + "`, found " + spell(*this));
}

void Cursor::expect_word(std::string_view text) {
  if (!take_word(text)) fail("expected `" + std::string(text) + "`, found " + spell(*this));
}

Mention Cursor::mention() {
  if (token_.kind != TokenKind::Word) {
    fail("expected a name, found " + spell(*this));
    return {};
  }
  const Mention mention{draft_.names.intern(word()), token_.begin, false};
  advance();
  return mention;
}

void Cursor::raw() {
  if (at_end()) return fail("expected a name, found " + spell(*this));
  token_ = lexer_.raw(token_);
  advance();
}

Names Cursor::names() {
  Names names{static_cast<std::uint32_t>(draft_.mentions.size()), 0, false, false};
  if (take_sign("*")) {
    names.every = true;
    return names;
  }
  names.complement = take_sign("~");
  if (at_sign("{")) {
    bracketed_names(names);
  } else {
    draft_.mentions.push_back(mention());
    if (!names.complement && take_sign("-")) {
      draft_.mentions.push_back(mention());
      draft_.mentions.back().excluded = true;
    }
  }
  names.count = static_cast<std::uint32_t>(draft_.mentions.size()) - names.first;
  return names;
}

void Cursor::bracketed_names(Names& names) {
  const Token opening = token_;
  std::size_t depth = 0;
  do {
    if (take_sign("{")) {
      if (++depth > kMaxDepth) fail("brackets are nested too deeply");
    } else if (take_sign("}")) {
      --depth;
    } else if (take_sign("*")) {
      names.every = true;
    } else if (at_end() && !mistake_) {
      token_ = opening;
      fail("this bracket is never closed");
    } else {
      const bool excluded = take_sign("-");
      draft_.mentions.push_back(mention());
      draft_.mentions.back().excluded = excluded;
    }
  } while (depth > 0 && !mistake_);
}

std::uint32_t Cursor::command_number() {
  std::string_view digits = word();
  const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
  if (hexadecimal) digits.remove_prefix(2);
  std::uint32_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number, hexadecimal ? 16 : 10);
  if (token_.kind != TokenKind::Number || error != std::errc() || stop != end) {
    fail("expected the number of a command, found " + spell(*this));
    return 0;
  }
  advance();
  return number;
}

Extended Cursor::extended_permissions(std::string operation) {
  Extended extended{std::move(operation), {}};
  const bool complement = take_sign("~");
  std::size_t depth = 0;
  do {
    if (take_sign("{")) {
      if (++depth > kMaxDepth) fail("brackets are nested too deeply");
    } else if (depth > 0 && take_sign("}")) {
      --depth;
    } else {
      const std::uint32_t first = command_number();
      const std::uint32_t last = take_sign("-") ? command_number() : first;
      if (last < first) fail("this range is empty: it ends before it begins");
      if (last >> 16 != first >> 16) fail("this range is wider than the numbers that the kernel looks at");
      // The kernel compares the low 16 bits of a command; the others are its direction and size.
      extended.ranges.emplace_back(first & 0xffff, last & 0xffff);
    }
  } while (depth > 0 && !mistake_);
  std::sort(extended.ranges.begin(), extended.ranges.end());
  std::vector<std::pair<std::uint16_t, std::uint16_t>> joined, gaps;
  unsigned next = 0;  // the first number that no range has had yet
  for (const auto& [first, last] : extended.ranges) {
    if (!joined.empty() && first <= joined.back().second + 1u) {
      joined.back().second = std::max(joined.back().second, last);
    } else {
      if (first > next) gaps.emplace_back(static_cast<std::uint16_t>(next), static_cast<std::uint16_t>(first - 1));
      joined.emplace_back(first, last);
    }
    next = joined.back().second + 1u;
  }
  if (next <= 0xffff) gaps.emplace_back(static_cast<std::uint16_t>(next), std::uint16_t{0xffff});
  extended.ranges = complement ? std::move(gaps) : std::move(joined);
  return extended;
}

void Cursor::level() {
  mention();
  if (!take_sign(":")) return;
  mention();
  while (take_sign(",")) mention();
}

void Cursor::context() {
  mention();
  expect_sign(":");
  mention();
  expect_sign(":");
  mention();
  if (!take_sign(":")) return;
  level();
  if (take_sign("-")) level();
}

bool Cursor::skip_one(std::size_t& depth) {
  const bool opens = at_sign("{") || at_sign("("), closes = at_sign("}") || at_sign(")");
  if (token_.kind == TokenKind::Bad || at_sign(";") || (closes && depth == 0)) {
    fail("unexpected " + spell(*this));
  } else if (opens && ++depth > kMaxDepth) {
    fail("brackets are nested too deeply");
  }
  if (mistake_) return false;
  if (closes) --depth;
  advance();
  return true;
}

}  // namespace bulkhead::selinux
