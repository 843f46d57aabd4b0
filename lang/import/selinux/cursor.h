// A parser's place in a policy.conf: one word ahead, the first mistake, and the parts that many sentences share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lang/import/selinux/draft.h"
#include "lang/import/selinux/lexer.h"

namespace bulkhead::selinux {

struct Mistake {
  std::uint32_t begin = 0, end = 0;
  std::string message;
};

/// After the first mistake every function returns at once and the cursor stands at the end.
class Cursor {
 public:
  Cursor(std::string_view text, Draft& draft);

  const Token& token() const { return token_; }
  std::string_view word() const { return lexer_.text(token_); }
  bool at_end() const { return token_.kind == TokenKind::End; }
  bool at_sign(std::string_view sign) const { return token_.kind == TokenKind::Sign && word() == sign; }
  bool at_word(std::string_view text) const { return token_.kind == TokenKind::Word && word() == text; }
  /// A context begins here: what follows the word is a `:`.
  bool at_context() { return token_.kind == TokenKind::Word && lexer_.peek() == ':'; }
  /// Where the token before this one ended.
  std::uint32_t last_end() const { return last_end_; }

  void advance();
  bool take_sign(std::string_view sign);
  bool take_word(std::string_view text);
  void expect_sign(std::string_view sign);
  void expect_word(std::string_view text);
  /// Takes an identifier: a type, a class, a permission.
  Mention mention();
  /// Takes what stands up to the next blank.
  void raw();
  /// `a`, `a - b`, `{ a { b } -c }`, `*`, `~a`, `~{ a b }`.
  Names names();
  /// `0x5401`, `{ 0x5401 0x8910-0x8927 }`, `~{ ... }`.
  Extended extended_permissions(std::string operation);
  /// `user:role:type`, with `:level` or `:level - level` where there are levels.
  void context();
  /// Everything up to the `;`, brackets in balance, and the `;`. A word that `begins_sentence` is a mistake: without
  /// its
  /// `;` a sentence that is read over would take the next one with it.
  template <typename BeginsSentence>
  void skip_sentence(BeginsSentence begins_sentence) {
    std::size_t depth = 0;
    while (!at_end() && !(depth == 0 && at_sign(";"))) {
      if (token_.kind == TokenKind::Word && begins_sentence(word())) break;
      if (!skip_one(depth)) return;
    }
    expect_sign(";");
  }

  void fail(std::string message);
  const std::optional<Mistake>& mistake() const { return mistake_; }
  const std::vector<RawLineMark>& line_marks() const { return lexer_.line_marks(); }

 private:
  void bracketed_names(Names& names);
  void level();
  bool skip_one(std::size_t& depth);
  std::uint32_t command_number();

  Draft& draft_;
  Lexer lexer_;
  Token token_;
  std::uint32_t last_end_ = 0;
  std::optional<Mistake> mistake_;
};

/// "`;`", "the end of the file": what stands at the cursor, for a message.
std::string spell(const Cursor& cursor);

}  // namespace bulkhead::selinux
