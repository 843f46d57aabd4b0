#include "lang/import/selinux/lexer.h"

#include <array>
#include <charconv>

namespace bulkhead::selinux {
namespace {

enum Kind : std::uint8_t { kBlank = 1, kLetter = 2, kDigit = 4, kWord = 8, kPath = 16, kSign = 32 };

constexpr std::array<std::uint8_t, 256> make_table() {
  std::array<std::uint8_t, 256> table{};
  const auto add = [&](std::string_view characters, unsigned kinds) {
    for (const char c : characters) {
      auto& entry = table[static_cast<unsigned char>(c)];
      entry = static_cast<std::uint8_t>(entry | kinds);
    }
  };
  add(" \t\r\n\f\v", kBlank);
  add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", kLetter | kWord | kPath);
  add("0123456789", kDigit | kWord | kPath);
  add("_-.", kWord | kPath);
  add("/+:@,%=~[]*?\\()$|!", kPath);
  add("{}();:,*~-!^.=&|", kSign);
  return table;
}

constexpr std::array<std::uint8_t, 256> kKinds = make_table();

bool is(char c, unsigned kinds) {
  return (kKinds[static_cast<unsigned char>(c)] & kinds) != 0;
}

}  // namespace

Token Lexer::token(TokenKind kind, std::size_t begin, std::size_t end) {
  at_ = end;
  return {kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

void Lexer::read_comment(std::size_t begin, std::size_t end) {
  std::string_view comment = text_.substr(begin, end - begin);
  constexpr std::string_view kMark = "#line ";
  if (!comment.starts_with(kMark)) return;
  comment.remove_prefix(kMark.size());
  RawLineMark mark;
  const auto [stop, error] = std::from_chars(comment.data(), comment.data() + comment.size(), mark.line);
  if (error != std::errc()) return;
  const std::size_t first = comment.find('"'), last = comment.rfind('"');
  if (first != std::string_view::npos && last > first) mark.file = comment.substr(first + 1, last - first - 1);
  mark.offset = static_cast<std::uint32_t>(end + 1);
  line_marks_.push_back(mark);
}

void Lexer::skip_blanks() {
  while (at_ < text_.size()) {
    if (is(text_[at_], kBlank)) {
      ++at_;
      continue;
    }
    if (text_[at_] != '#') return;
    std::size_t end = text_.find('\n', at_);
    if (end == std::string_view::npos) end = text_.size();
    read_comment(at_, end);
    at_ = end;
  }
}

Token Lexer::next() {
  skip_blanks();
  const std::size_t begin = at_;
  if (begin >= text_.size()) return token(TokenKind::End, text_.size(), text_.size());
  const char first = text_[begin];
  std::size_t end = begin + 1;
  const auto run = [&](unsigned kinds) {
    while (end < text_.size() && is(text_[end], kinds)) ++end;
  };
  if (is(first, kLetter) || first == '_') {
    run(kWord);
    // A dot or a dash at the end of a word is none of it: `a.` is a word and a dot.
    while (text_[end - 1] == '.') --end;
    return token(TokenKind::Word, begin, end);
  }
  if (is(first, kDigit)) {
    run(kLetter | kDigit);
    return token(TokenKind::Number, begin, end);
  }
  if (first == '"') {
    while (end < text_.size() && text_[end] != '"' && text_[end] != '\n') ++end;
    if (end >= text_.size() || text_[end] != '"') return token(TokenKind::Bad, begin, begin + 1);
    return token(TokenKind::Quoted, begin, end + 1);
  }
  if (first == '/') {
    run(kPath);
    return token(TokenKind::Path, begin, end);
  }
  if (!is(first, kSign)) return token(TokenKind::Bad, begin, end);
  const std::string_view two = text_.substr(begin, 2);
  if (two == "&&" || two == "||" || two == "==" || two == "!=") return token(TokenKind::Sign, begin, begin + 2);
  if (first == '&' || first == '|') return token(TokenKind::Bad, begin, end);
  return token(TokenKind::Sign, begin, end);
}

Token Lexer::raw(const Token& token) {
  std::size_t end = token.begin;
  while (end < text_.size() && !is(text_[end], kBlank)) ++end;
  return this->token(token.kind == TokenKind::End ? TokenKind::End : TokenKind::Word, token.begin, end);
}

char Lexer::peek() {
  skip_blanks();
  return at_ < text_.size() ? text_[at_] : '\0';
}

}  // namespace bulkhead::selinux
