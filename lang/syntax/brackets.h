// Brackets: made to balance before anything is parsed, so that what follows may rely on them.
#pragma once

#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/syntax/tokens.h"

namespace bulkhead::syntax {

struct Words {
  std::vector<Token> words;            // without comments; brackets balance, at most kMaxNesting deep
  std::vector<std::uint32_t> damaged;  // where something was reported and mended, in rising order
};

/// The words of `tokens` with brackets that balance: what was not closed is closed where the next sentence begins, what
/// was not opened is left out, each with an error; what is nested too deep is left out with one error.
Words balance(const Tokens& tokens, std::string_view text, source::FileId file, diag::DiagnosticSink& sink);

/// The end of the run that begins at `begin`: after its `;` outside brackets, or after its block, if it is of a kind
/// that ends with one. Never past words.size(), always past begin.
struct RunEnds {
  /// Whether a sentence that begins with `word` ends with the block that closes.
  bool (*ends_with_block)(std::string_view word);
};
std::size_t run_end(const std::vector<Token>& words, std::size_t begin, std::size_t limit, std::string_view text,
                    RunEnds ends);

/// Whether the word is the first on its line.
bool begins_line(const Token& token, std::string_view text);

}  // namespace bulkhead::syntax
