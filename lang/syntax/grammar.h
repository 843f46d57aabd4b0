// The grammar at work: characters to raw tokens, a run of tokens to a tree of rules. Hides ANTLR; only antlr.cpp knows
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lang/syntax/tokens.h"

namespace bulkhead::syntax {

/// A rule of Bulkhead.g4.
enum class Rule : std::uint8_t {
#define BH_RULE(Name) Name,
#include "lang/syntax/rules.def"
#undef BH_RULE
};

/// The tree of rules over a run of tokens: nodes in the order of the text, parents first. Bounded in depth by
/// kMaxNesting.
struct Tree {
  static constexpr std::uint32_t kNoToken = 0xFFFFFFFF;
  struct Node {
    Rule rule = Rule::Unit;         // of a leaf: the rule in which the token stands
    std::uint32_t leaf = kNoToken;  // the token of a leaf, an index into the run
    std::uint32_t end = 0;          // one past the last node below this one
    std::uint32_t first_token = 0;  // the tokens that it covers, as indices into the run
    std::uint32_t last_token = 0;   // one past the last
  };
  std::vector<Node> nodes;
};

/// Either a tree, or the first token that cannot stand where it stands (the size of the run: its end).
struct Parsed {
  std::optional<Tree> tree;
  std::size_t error_at = 0;
};

/// What may stand at some place.
struct Expected {
  std::vector<std::string> keywords;  // "when"
  std::vector<std::string> signs;     // ";"
  std::vector<std::string> kinds;     // "a name", "a number"
  bool has_sign(std::string_view sign) const;
};

enum class RawKind : std::uint8_t { Token, Unterminated, Bad };
struct RawToken {
  Token token;
  RawKind kind = RawKind::Token;
};

/// Cuts `text` from `begin` on into tokens; stops when `take` says false. Any bytes are accepted.
void scan(std::string_view text, std::size_t begin, const std::function<bool(const RawToken&)>& take);

class Grammar {
 public:
  Grammar();
  ~Grammar();
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  /// Parses a run of tokens (no comments) as `entry`, one of the rules that end in EOF.
  ///
  /// Requires: brackets in `words` balance and are nested at most kMaxNesting deep.
  Parsed parse(Rule entry, std::span<const Token> words);

  /// What may stand at `at`, found by trying each kind of token there: exact, and slow where `at` is large.
  Expected expected(Rule entry, std::span<const Token> words, std::size_t at);

 private:
  struct Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace bulkhead::syntax
