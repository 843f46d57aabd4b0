// The words and signs of an `.arbac` file. Internal to lang/import/arbac.
#pragma once

#include <string_view>

#include "lang/source/source.h"

namespace bulkhead::arbac {

enum class Sign : unsigned char { Word, Less, Greater, Comma, And, Minus, Semicolon, End, Wrong };

struct Token {
  Sign sign = Sign::End;
  std::string_view text;
  source::Span span;
};

/// Words are letters, digits, `_`, `.`, `:`, `@` and, but for the first character, `-`. Comments are `//` to the end of
/// the line and `/* */`.
class Lexer {
 public:
  Lexer(std::string_view text, source::FileId file) : text_(text), file_(file) {}
  Token next();

 private:
  void skip_blanks();
  Token token(Sign sign, std::size_t length);

  std::string_view text_;
  source::FileId file_;
  std::size_t place_ = 0;
};

}  // namespace bulkhead::arbac
