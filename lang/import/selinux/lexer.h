// The words and signs of a policy.conf, one pass over the text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace bulkhead::selinux {

enum class TokenKind : std::uint8_t {
  Word,    // an identifier: `untrusted_app`, `c0.c1023`, `u-r`
  Number,  // `511`, `0x8910`
  Quoted,  // "file name", without its quotes
  Path,    // `/sys/kernel`
  Sign,    // one of { } ( ) ; : , * ~ - ! ^ . = and the pairs && || == !=
  End,
  Bad,  // a character that begins nothing, or a string without an end
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::uint32_t begin = 0;  // in the text, quotes included
  std::uint32_t end = 0;
};

/// A `#line` comment: which line of which file comes next.
struct RawLineMark {
  std::uint32_t offset = 0;
  std::uint32_t line = 0;
  std::string_view file;  // as it stands between its quotes; "" for one without
};

/// Requires: the text outlives the lexer and is shorter than 4 GiB.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next();
  /// Reads `token` anew, up to the next blank, whatever it is: addresses and names that have signs in them.
  Token raw(const Token& token);
  /// The next character that is no blank, or 0 at the end. Looks no further than blanks and comments.
  char peek();

  std::string_view text(const Token& token) const { return text_.substr(token.begin, token.end - token.begin); }
  const std::vector<RawLineMark>& line_marks() const { return line_marks_; }

 private:
  void skip_blanks();
  void read_comment(std::size_t begin, std::size_t end);
  Token token(TokenKind kind, std::size_t begin, std::size_t end);

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<RawLineMark> line_marks_;
};

}  // namespace bulkhead::selinux
