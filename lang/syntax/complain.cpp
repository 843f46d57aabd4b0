#include "lang/syntax/complain.h"

#include <algorithm>
#include <array>

#include "lang/syntax/brackets.h"

namespace bulkhead::syntax {
namespace {

using diag::Code;
using diag::Diagnostic;

constexpr std::size_t kMaxListed = 8;       // alternatives in a message
constexpr std::size_t kMaxLookBack = 1024;  // words before a mistake that are parsed to find out what was expected
constexpr std::size_t kKinds = 256;         // more than the grammar has: what one such search costs per word

/// Signs that may follow nearly every word, and that nobody who made a mistake wants to read about.
constexpr std::array<std::string_view, 5> kContinuations = {"&", "(", "-", ".", "/"};

std::string quoted(std::string_view text) {
  return "`" + std::string(text) + "`";
}

/// "a, b or c".
std::string either(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " or " : ", ";
    text += items[i];
  }
  return text;
}

}  // namespace

std::size_t Complaints::report(Rule entry, std::span<const Token> words, std::size_t at) {
  const bool silent = quiet(words);
  if (sign_of(words[0]) == ';' && at == 0) {
    if (silent) return words.size();
    sink_.report({Code::UnexpectedToken,
                  span(words, 0),
                  "nothing stands before this `;`",
                  {},
                  "remove it",
                  {{span(words, 0), ""}}});
    return words.size();
  }
  const Expected what = expected(entry, words, at);
  const bool word = at < words.size() && words[at].cls == TokenClass::Word;
  const bool near = word && diag::did_you_mean(words[at].in(text_), what.keywords).has_value();
  if (!near && at > 0 && lacks_semicolon(entry, words, at)) {
    if (!silent) {
      const std::uint32_t end = words[at - 1].end;
      const source::Span place{file_, end, end};
      sink_.report({Code::MissingSemicolon,
                    place,
                    "expected `;` after " + quoted(words[at - 1].in(text_)),
                    {},
                    "",
                    {{place, ";"}}});
    }
    return at;
  }
  if (!silent && !misspelt_start(entry, words, at)) unexpected(words, at, what);
  return words.size();
}

bool Complaints::quiet(std::span<const Token> words) const {
  // What was left out before the first word, on its line, counts as well: `# a comment`.
  std::size_t line = words.front().begin;
  while (line > 0 && text_[line - 1] != '\n') --line;
  const auto first = std::lower_bound(damaged_.begin(), damaged_.end(), line);
  return first != damaged_.end() && *first <= words.back().end;
}

bool Complaints::lacks_semicolon(Rule entry, std::span<const Token> words, std::size_t at) {
  const bool boundary = at == words.size() || sign_of(words[at]) == '}' || begins_line(words[at], text_);
  if (!boundary || sign_of(words[at - 1]) == ';') return false;
  std::vector<Token> mended(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
  mended.push_back(made_up(';', words[at - 1].end));
  return grammar_.parse(entry, mended).tree.has_value();
}

/// `contaner Agent { ... }` reads as a sentence about a subject called `contaner` up to its second word.
bool Complaints::misspelt_start(Rule entry, std::span<const Token> words, std::size_t at) {
  if (at > 2 || words[0].cls != TokenClass::Word) return false;
  const std::string_view first = words[0].in(text_);
  const Expected starts = expected(entry, words, 0);
  if (std::find(starts.keywords.begin(), starts.keywords.end(), first) != starts.keywords.end()) return false;
  const auto meant = diag::did_you_mean(first, starts.keywords);
  if (!meant && at > 0) return false;
  Diagnostic diagnostic{Code::UnknownSentence, span(words, 0), "no sentence begins with " + quoted(first), {}, "", {}};
  if (meant) {
    diagnostic.help = "did you mean " + quoted(*meant) + "?";
    diagnostic.fixes.push_back({span(words, 0), *meant});
  }
  sink_.report(std::move(diagnostic));
  return true;
}

void Complaints::unexpected(std::span<const Token> words, std::size_t at, const Expected& expected) {
  Diagnostic diagnostic{Code::UnexpectedToken, span(words, at), "", {}, "", {}};
  std::vector<std::string> items = expected.kinds;
  for (const std::string& word : expected.keywords) items.push_back(quoted(word));
  for (const std::string& sign : expected.signs) {
    if (!std::binary_search(kContinuations.begin(), kContinuations.end(), sign)) items.push_back(quoted(sign));
  }
  if (items.empty() || items.size() > kMaxListed) {
    diagnostic.message = found(words, at) + " cannot stand here";
  } else {
    diagnostic.message = "expected " + either(items) + ", found " + found(words, at);
  }
  const std::string_view text = at < words.size() ? words[at].in(text_) : std::string_view();
  const std::string_view next = at + 1 < words.size() ? words[at + 1].in(text_) : std::string_view();
  const auto meant = at < words.size() && words[at].cls == TokenClass::Word
                         ? diag::did_you_mean(text, expected.keywords)
                         : std::nullopt;
  if (meant) {
    diagnostic.help = "did you mean " + quoted(*meant) + "?";
    diagnostic.fixes.push_back({span(words, at), *meant});
  } else if (text == "/" && next == "*") {
    diagnostic.help = "comments begin with `//` and end with the line";
  } else if (text == "=" && expected.has_sign("==")) {
    diagnostic.help = "equality is written `==`";
    diagnostic.fixes.push_back({span(words, at), "=="});
  } else if ((text == "and" || text == "or") && expected.has_sign("&&")) {
    diagnostic.help = text == "and" ? "conjunction is written `&&`" : "disjunction is written `||`";
    diagnostic.fixes.push_back({span(words, at), text == "and" ? "&&" : "||"});
  }
  sink_.report(std::move(diagnostic));
}

Expected Complaints::expected(Rule entry, std::span<const Token> words, std::size_t at) {
  const std::size_t cost = kKinds * (at + 1);
  if (at > kMaxLookBack || cost > budget_) return {};
  budget_ -= cost;
  return grammar_.expected(entry, words, at);
}

source::Span Complaints::span(std::span<const Token> words, std::size_t at) const {
  if (at < words.size()) return {file_, words[at].begin, words[at].end};
  return {file_, words.back().end, words.back().end};
}

std::string Complaints::found(std::span<const Token> words, std::size_t at) const {
  if (at >= words.size()) return "the end of the sentence";
  const std::string_view text = words[at].in(text_);
  if (text.empty()) return "the end of the block";
  if (text.size() <= 48) return quoted(text);
  std::size_t cut = 45;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return quoted(std::string(text.substr(0, cut)) + "...");
}

}  // namespace bulkhead::syntax
