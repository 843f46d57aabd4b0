#include "lang/syntax/brackets.h"

#include <algorithm>
#include <array>

#include "lang/syntax/parser.h"

namespace bulkhead::syntax {
namespace {

using diag::Code;
using diag::Diagnostic;

/// Words that begin a sentence of a file and never one of a body: at the start of a line they show that a body has
/// ended.
constexpr std::array<std::string_view, 18> kOutermost = {
    "container", "context", "detect", "enum",   "extend", "forbid",  "host",  "import", "label",
    "lifecycle", "model",   "module", "permit", "pod",    "profile", "prove", "refute", "volume"};

char open_of(char close) {
  return close == ')' ? '(' : close == ']' ? '[' : '{';
}
char close_of(char open) {
  return open == '(' ? ')' : open == '[' ? ']' : '}';
}

class Balancer {
 public:
  Balancer(const Tokens& tokens, std::string_view text, source::FileId file, diag::DiagnosticSink& sink)
      : tokens_(tokens), text_(text), file_(file), sink_(sink) {}

  Words run() {
    trust_lines_ = !balanced();
    for (const Token& token : tokens_.all) {
      if (!token.comment()) take(token);
    }
    const std::uint32_t end = tokens_.all.empty() ? 0 : tokens_.all.back().end;
    close_down_to(0, {end, end, 0, TokenClass::Sign});
    out_.damaged.insert(out_.damaged.end(), tokens_.damaged.begin(), tokens_.damaged.end());
    std::sort(out_.damaged.begin(), out_.damaged.end());
    return std::move(out_);
  }

 private:
  static bool opens(char c) { return c == '(' || c == '[' || c == '{'; }
  static bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

  bool balanced() const {
    std::vector<char> open;
    for (const Token& token : tokens_.all) {
      const char c = sign_of(token);
      if (opens(c)) open.push_back(c);
      if (!closes(c)) continue;
      if (open.empty() || open.back() != open_of(c)) return false;
      open.pop_back();
    }
    return open.empty();
  }

  void take(const Token& token) {
    const char c = sign_of(token);
    if (trust_lines_ && !open_.empty() && outermost(token)) close_down_to(0, token);
    if (c == ';' || c == '}') {  // round and square brackets never hold either
      std::size_t keep = open_.size();
      while (keep > 0 && sign_of(open_[keep - 1]) != '{') --keep;
      close_down_to(keep, token);
    }
    const std::size_t depth = open_.size();
    if (closes(c) && !close(token, c)) return;
    if (opens(c)) {
      open_.push_back(token);
      if (open_.size() == kMaxNesting + 1) too_deep(token);
    }
    if (std::max(depth, open_.size()) > kMaxNesting) return;
    out_.words.push_back(token);
  }

  /// Whether there was something for it to close.
  bool close(const Token& token, char c) {
    if (!open_.empty() && sign_of(open_.back()) == open_of(c)) {
      open_.pop_back();
      return true;
    }
    Diagnostic diagnostic{Code::UnmatchedBracket,
                          span(token),
                          std::string("there is no open `") + open_of(c) + "` for this `" + c + "`",
                          {},
                          "",
                          {{span(token), ""}}};
    if (!open_.empty()) {
      diagnostic.labels.push_back(
          {span(open_.back()), std::string("the last open bracket is this `") + sign_of(open_.back()) + "`"});
    }
    damage(token.begin);
    sink_.report(std::move(diagnostic));
    return false;
  }

  /// Closes all but `keep` brackets before the token `before`, as the missing ones would have.
  void close_down_to(std::size_t keep, const Token& before) {
    if (open_.size() <= keep) return;
    report_open(open_.back(), before);  // one error: the others are open because this one is
    while (open_.size() > keep) {
      damage(open_.back().begin);
      if (open_.size() <= kMaxNesting) out_.words.push_back(made_up(close_of(sign_of(open_.back())), before.begin));
      open_.pop_back();
    }
  }

  void report_open(const Token& opener, const Token& before) {
    damage(before.begin);
    const char c = sign_of(opener);
    Diagnostic diagnostic{
        Code::UnclosedBracket, span(opener), std::string("this `") + c + "` is never closed", {}, "", {}};
    if (before.end > before.begin) {
      diagnostic.labels.push_back({span(before), std::string("expected `") + close_of(c) + "` before this"});
    } else {
      diagnostic.help = std::string("the file ends without its `") + close_of(c) + "`";
    }
    sink_.report(std::move(diagnostic));
  }

  void too_deep(const Token& token) {
    damage(token.begin);
    sink_.report({Code::NestingTooDeep,
                  span(token),
                  "brackets are nested more than " + std::to_string(kMaxNesting) + " deep here",
                  {},
                  "",
                  {}});
  }

  bool outermost(const Token& token) const {
    if (token.cls != TokenClass::Word) return false;
    if (token.begin != 0 && text_[token.begin - 1] != '\n') return false;
    return std::binary_search(kOutermost.begin(), kOutermost.end(), token.in(text_));
  }

  void damage(std::uint32_t at) { out_.damaged.push_back(at); }
  source::Span span(const Token& token) const { return {file_, token.begin, token.end}; }

  const Tokens& tokens_;
  std::string_view text_;
  source::FileId file_;
  diag::DiagnosticSink& sink_;
  std::vector<Token> open_;
  bool trust_lines_ = false;
  Words out_;
};

}  // namespace

Words balance(const Tokens& tokens, std::string_view text, source::FileId file, diag::DiagnosticSink& sink) {
  return Balancer(tokens, text, file, sink).run();
}

bool begins_line(const Token& token, std::string_view text) {
  std::size_t at = token.begin;
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r';
}

std::size_t run_end(const std::vector<Token>& words, std::size_t begin, std::size_t limit, std::string_view text,
                    RunEnds ends) {
  const bool by_block = words[begin].cls == TokenClass::Word && ends.ends_with_block(words[begin].in(text));
  // The one clause that may follow a block on a line of its own.
  const auto is_rank = [&](std::size_t at) {
    return at + 1 < limit && words[at].in(text) == "by" && words[at + 1].in(text) == "rank";
  };
  std::size_t depth = 0;
  for (std::size_t i = begin; i < limit; ++i) {
    const char sign = sign_of(words[i]);
    if (sign == ';' && depth == 0) return i + 1;
    if (sign == '{' || sign == '(' || sign == '[') ++depth;
    if (sign != '}' && sign != ')' && sign != ']') continue;
    --depth;
    if (depth > 0 || sign != '}') continue;
    const bool last = i + 1 == limit;
    if (by_block || last) return i + 1;
    if (sign_of(words[i + 1]) != ';' && begins_line(words[i + 1], text) && !is_rank(i + 1)) return i + 1;
  }
  return limit;
}

}  // namespace bulkhead::syntax
