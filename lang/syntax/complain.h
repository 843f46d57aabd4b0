// What to say about a run of words that is no sentence: what was seen, what may stand there, what was probably meant.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/syntax/grammar.h"

namespace bulkhead::syntax {

class Complaints {
 public:
  Complaints(Grammar& grammar, std::string_view text, source::FileId file, const std::vector<std::uint32_t>& damaged,
             diag::DiagnosticSink& sink)
      : grammar_(grammar), text_(text), file_(file), damaged_(damaged), sink_(sink) {}

  /// Reports the mistake at `at`, unless something in the run was reported already and mended badly.
  ///
  /// Returns where a new sentence begins in the run because only the `;` before it is missing, or words.size().
  std::size_t report(Rule entry, std::span<const Token> words, std::size_t at);

 private:
  bool quiet(std::span<const Token> words) const;
  bool lacks_semicolon(Rule entry, std::span<const Token> words, std::size_t at);
  bool misspelt_start(Rule entry, std::span<const Token> words, std::size_t at);
  void unexpected(std::span<const Token> words, std::size_t at, const Expected& expected);
  Expected expected(Rule entry, std::span<const Token> words, std::size_t at);
  source::Span span(std::span<const Token> words, std::size_t at) const;
  std::string found(std::span<const Token> words, std::size_t at) const;

  Grammar& grammar_;
  std::string_view text_;
  source::FileId file_;
  const std::vector<std::uint32_t>& damaged_;
  diag::DiagnosticSink& sink_;
  std::size_t budget_ = 500'000;  // words that may still be parsed to find out what was expected
};

}  // namespace bulkhead::syntax
