#include "lang/import/arbac/lexer.h"

#include <algorithm>

namespace bulkhead::arbac {
namespace {

bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool continues_word(char c) {
  return begins_word(c) || c == '.' || c == ':' || c == '@' || c == '-';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

}  // namespace

void Lexer::skip_blanks() {
  while (place_ < text_.size()) {
    const std::string_view rest = text_.substr(place_);
    if (is_blank(rest.front())) {
      ++place_;
    } else if (rest.substr(0, 2) == "//") {
      place_ += std::min(rest.find('\n'), rest.size());
    } else if (rest.substr(0, 2) == "/*" && rest.find("*/", 2) != std::string_view::npos) {
      place_ += rest.find("*/", 2) + 2;
    } else {
      return;
    }
  }
}

Token Lexer::token(Sign sign, std::size_t length) {
  const source::Span span{file_, static_cast<std::uint32_t>(place_), static_cast<std::uint32_t>(place_ + length)};
  const Token made{sign, text_.substr(place_, length), span};
  place_ += length;
  return made;
}

Token Lexer::next() {
  skip_blanks();
  if (place_ == text_.size()) return token(Sign::End, 0);
  const char first = text_[place_];
  switch (first) {
    case '<':
      return token(Sign::Less, 1);
    case '>':
      return token(Sign::Greater, 1);
    case ',':
      return token(Sign::Comma, 1);
    case '&':
      return token(Sign::And, 1);
    case '-':
      return token(Sign::Minus, 1);
    case ';':
      return token(Sign::Semicolon, 1);
  }
  if (!begins_word(first)) return token(Sign::Wrong, 1);
  std::size_t length = 1;
  while (place_ + length < text_.size() && continues_word(text_[place_ + length])) ++length;
  return token(Sign::Word, length);
}

}  // namespace bulkhead::arbac
