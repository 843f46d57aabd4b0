#include "lang/import/selinux/lexer.h"

#include <gtest/gtest.h>

#include <string>

namespace bulkhead::test {
namespace {

using selinux::Lexer;
using selinux::Token;
using selinux::TokenKind;

std::vector<std::string> words(std::string_view text) {
  Lexer lexer(text);
  std::vector<std::string> found;
  for (Token token = lexer.next(); token.kind != TokenKind::End; token = lexer.next()) {
    found.push_back((token.kind == TokenKind::Bad ? "?" : "") + std::string(lexer.text(token)));
  }
  return found;
}

TEST(SelinuxLexer, TellsWordsFromSigns) {
  EXPECT_EQ(words("allow { a-b -c ~d }self:file*;"),
            (std::vector<std::string>{"allow", "{", "a-b", "-", "c", "~", "d", "}", "self", ":", "file", "*", ";"}));
  EXPECT_EQ(words("s0:c0.c1023 u1==u2 a!=b x&&y||!z"),
            (std::vector<std::string>{"s0", ":", "c0.c1023", "u1", "==", "u2", "a", "!=", "b", "x", "&&", "y", "||",
                                      "!", "z"}));
  EXPECT_EQ(words("0x8910-0x8927 511"), (std::vector<std::string>{"0x8910", "-", "0x8927", "511"}));
  EXPECT_EQ(words("genfscon proc /sys/net u:r"),
            (std::vector<std::string>{"genfscon", "proc", "/sys/net", "u", ":", "r"}));
  EXPECT_EQ(words("\"a b\" c"), (std::vector<std::string>{"\"a b\"", "c"}));
}

TEST(SelinuxLexer, ReadsOverComments) {
  EXPECT_EQ(words("a # b\n#c\nd#"), (std::vector<std::string>{"a", "d"}));
  EXPECT_TRUE(words("").empty());
  EXPECT_TRUE(words("# no end of line").empty());
}

TEST(SelinuxLexer, MarksWhatBeginsNothing) {
  EXPECT_EQ(words("a @"), (std::vector<std::string>{"a", "?@"}));
  EXPECT_EQ(words("&"), (std::vector<std::string>{"?&"}));
  EXPECT_EQ(words("\"a\nb"), (std::vector<std::string>{"?\"", "a", "b"}));
  EXPECT_EQ(words(std::string_view("\0", 1)).size(), 1u);
}

TEST(SelinuxLexer, KeepsWhichFileALineWasMadeOf) {
  Lexer lexer("#line 7 \"public/te_macros\"\na\n#line 9\nb\n#lines 1\n");
  while (lexer.next().kind != TokenKind::End) {
  }
  ASSERT_EQ(lexer.line_marks().size(), 2u);
  EXPECT_EQ(lexer.line_marks()[0].line, 7u);
  EXPECT_EQ(lexer.line_marks()[0].file, "public/te_macros");
  EXPECT_EQ(lexer.line_marks()[1].line, 9u);
  EXPECT_EQ(lexer.line_marks()[1].file, "");
}

TEST(SelinuxLexer, ReadsRawWordsUpToABlank) {
  Lexer lexer("fe80::1/64 x");
  const Token token = lexer.raw(lexer.next());
  EXPECT_EQ(lexer.text(token), "fe80::1/64");
  EXPECT_EQ(lexer.text(lexer.next()), "x");
}

}  // namespace
}  // namespace bulkhead::test
