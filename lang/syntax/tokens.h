// The tokens of a source text, comments included: what the parser, the formatter and the printer share.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::syntax {

enum class TokenClass : std::uint8_t { Word, Number, String, Address, Digest, Sign, Comment, Doc };

struct Token {
  std::uint32_t begin = 0;  // bytes of the text
  std::uint32_t end = 0;
  std::uint16_t kind = 0;  // the grammar's own number of it
  TokenClass cls = TokenClass::Sign;

  bool comment() const { return cls == TokenClass::Comment || cls == TokenClass::Doc; }
  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

/// `(`, `)`, `[`, `]`, `{`, `}`, `;` or, for every other token, a space.
char sign_of(const Token& token);

/// A token of no width that the text does not have: one of the signs above.
Token made_up(char sign, std::uint32_t at);

struct Tokens {
  std::vector<Token> all;              // comments included
  std::vector<std::uint32_t> damaged;  // where something was reported and left out or mended, in rising order
};

/// The tokens of `file` in order. What is no token is reported and left out; after kMaxTokens (parser.h), or a hundred
/// mistakes, the rest is left out too, after an error that says so.
///
/// Requires: `readable(sources, file, sink)`.
Tokens tokens(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink);

/// Whether the text can be read at all: at most kMaxBytes, valid UTF-8, no NUL byte. Reports why not.
bool readable(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink);

}  // namespace bulkhead::syntax
