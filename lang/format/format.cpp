#include "lang/format/format.h"

#include "lang/base/check.h"
#include "lang/format/layout.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/tokens.h"

namespace bulkhead::format {
namespace {

using syntax::Token;

std::string_view trimmed(const Token& token, std::string_view text) {
  std::string_view word = token.in(text);
  while (token.comment() && !word.empty() && (word.back() == ' ' || word.back() == '\t')) word.remove_suffix(1);
  return word;
}

bool same_words(const std::vector<Token>& a, std::string_view a_text, const std::vector<Token>& b,
                std::string_view b_text) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].kind != b[i].kind || trimmed(a[i], a_text) != trimmed(b[i], b_text)) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> format(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink) {
  diag::DiagnosticList found;
  const bool understood = syntax::parse(sources, file, found).has_value() && !found.has_errors();
  for (const diag::Diagnostic& diagnostic : found.all()) sink.report(diagnostic);
  if (!understood) return std::nullopt;
  const syntax::Tokens before = syntax::tokens(sources, file, sink);
  const std::string text = layout(before.all, sources.text(file));
  // A formatter that changes a policy would be worse than none: what was written is read back.
  source::SourceMap again;
  const source::FileId copy = again.add("formatted", text);
  const syntax::Tokens after = syntax::tokens(again, copy, found);
  BH_CHECK(same_words(before.all, sources.text(file), after.all, text), "formatting keeps every word and comment");
  return text;
}

}  // namespace bulkhead::format
