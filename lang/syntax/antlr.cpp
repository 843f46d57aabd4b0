// The only file that knows ANTLR. Its exceptions end here.
#include <BulkheadLexer.h>
#include <BulkheadParser.h>

#include <algorithm>
#include <array>
#include <exception>
#include <memory>

#include "lang/base/check.h"
#include "lang/syntax/grammar.h"

namespace bulkhead::syntax {
namespace {

#define BH_RULE(Name) static_assert(static_cast<std::size_t>(Rule::Name) == BulkheadParser::Rule##Name);
#include "lang/syntax/rules.def"
#undef BH_RULE

/// Bytes as characters. All bytes above ASCII look like one letter, since the grammar treats them alike: an index is a
/// byte offset, and the lexer's table stays within ASCII (ANTLR caches no other edges, and would crawl through a long
/// comment).
class Bytes final : public antlr4::CharStream {
 public:
  Bytes(std::string_view text, std::size_t begin) : text_(text), at_(begin) {}

  void consume() override { ++at_; }
  std::size_t LA(ssize_t i) override {
    if (i == 0) return 0;
    const std::size_t at = i > 0 ? at_ + static_cast<std::size_t>(i) - 1 : at_ - static_cast<std::size_t>(-i);
    if (at >= text_.size()) return antlr4::IntStream::EOF;
    const unsigned char c = static_cast<unsigned char>(text_[at]);
    return c < 0x80 ? c : 0x7F;
  }
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = std::min(index, text_.size()); }
  std::size_t size() override { return text_.size(); }
  std::string getSourceName() const override { return "text"; }
  std::string getText(const antlr4::misc::Interval& range) override {
    const std::size_t a = static_cast<std::size_t>(std::max<ssize_t>(range.a, 0));
    return std::string(text_.substr(a, static_cast<std::size_t>(range.b + 1) - a));
  }
  std::string toString() const override { return std::string(text_); }

 private:
  std::string_view text_;
  std::size_t at_;
};

/// A run of tokens for the parser, which only looks at kinds. The token objects are made once and used again.
class Run final : public antlr4::TokenStream {
 public:
  void set(std::span<const Token> words) {
    at_ = 0;
    cut(words.size());
    for (std::size_t i = 0; i < count_; ++i) tokens_[i]->setType(words[i].kind);
  }
  void set_kind(std::size_t index, std::size_t kind) { tokens_[index]->setType(kind); }
  void cut(std::size_t count) {
    count_ = count;
    while (tokens_.size() < count_ + 1) {
      tokens_.push_back(std::make_unique<antlr4::CommonToken>(antlr4::Token::INVALID_TYPE));
      tokens_.back()->setTokenIndex(tokens_.size() - 1);
    }
    tokens_[count_]->setType(antlr4::Token::EOF);
  }

  antlr4::Token* LT(ssize_t k) override {
    if (k == 0) return nullptr;
    if (k < 0) return at_ >= static_cast<std::size_t>(-k) ? tokens_[at_ - static_cast<std::size_t>(-k)].get() : nullptr;
    return tokens_[std::min(at_ + static_cast<std::size_t>(k) - 1, count_)].get();
  }
  std::size_t LA(ssize_t k) override {
    const antlr4::Token* token = LT(k);
    return token == nullptr ? antlr4::Token::INVALID_TYPE : token->getType();
  }
  void consume() override {
    if (at_ < count_) ++at_;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = std::min(index, count_); }
  std::size_t size() override { return count_ + 1; }
  std::string getSourceName() const override { return "text"; }
  antlr4::Token* get(std::size_t index) const override { return tokens_[index].get(); }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return ""; }
  std::string getText() override { return ""; }
  std::string getText(antlr4::RuleContext*) override { return ""; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return ""; }

 private:
  std::vector<std::unique_ptr<antlr4::CommonToken>> tokens_;
  std::size_t count_ = 0;
  std::size_t at_ = 0;
};

/// Stops at the first mistake and keeps where it was: recovery is by sentences, outside.
class StopAtFirst final : public antlr4::ANTLRErrorStrategy {
 public:
  void reset(antlr4::Parser*) override {}
  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    at = parser->getTokenStream()->index();
    throw antlr4::ParseCancellationException();
  }
  void recover(antlr4::Parser* parser, std::exception_ptr e) override {
    at = parser->getTokenStream()->index();
    try {
      std::rethrow_exception(e);
    } catch (const antlr4::RecognitionException& mistake) {
      if (mistake.getOffendingToken() != nullptr) at = mistake.getOffendingToken()->getTokenIndex();
    }
    throw antlr4::ParseCancellationException();
  }
  void sync(antlr4::Parser*) override {}
  bool inErrorRecoveryMode(antlr4::Parser*) override { return false; }
  void reportMatch(antlr4::Parser*) override {}
  void reportError(antlr4::Parser*, const antlr4::RecognitionException&) override {}

  std::size_t at = 0;
};

/// Builds our tree while the parser runs.
class Grow final : public antlr4::tree::ParseTreeListener {
 public:
  void enterEveryRule(antlr4::ParserRuleContext* context) override {
    open_.push_back(tree.nodes.size());
    Tree::Node node;
    node.rule = static_cast<Rule>(context->getRuleIndex());
    node.first_token = node.last_token = used_;
    tree.nodes.push_back(node);
  }
  void exitEveryRule(antlr4::ParserRuleContext*) override {
    Tree::Node& node = tree.nodes[open_.back()];
    node.end = static_cast<std::uint32_t>(tree.nodes.size());
    node.last_token = used_;
    open_.pop_back();
  }
  void visitTerminal(antlr4::tree::TerminalNode* terminal) override {
    const antlr4::Token* token = terminal->getSymbol();
    if (token->getType() == antlr4::Token::EOF) return;
    used_ = static_cast<std::uint32_t>(token->getTokenIndex()) + 1;
    Tree::Node leaf;
    leaf.rule = tree.nodes[open_.back()].rule;
    leaf.leaf = leaf.first_token = used_ - 1;
    leaf.last_token = used_;
    leaf.end = static_cast<std::uint32_t>(tree.nodes.size() + 1);
    tree.nodes.push_back(leaf);
  }
  void visitErrorNode(antlr4::tree::ErrorNode*) override {}
  void clear() {
    tree.nodes.clear();
    open_.clear();
    used_ = 0;
  }

  Tree tree;

 private:
  std::vector<std::size_t> open_;
  std::uint32_t used_ = 0;
};

constexpr std::size_t kKinds = BulkheadLexer::BAD + 1;

/// "module" for the kind whose literal is 'module', "" for kinds without one.
std::string literal(std::size_t kind) {
  static const std::array<std::string, kKinds> literals = [] {
    Bytes none("", 0);
    const BulkheadLexer lexer(&none);
    std::array<std::string, kKinds> all;
    for (std::size_t k = 1; k < kKinds; ++k) {
      const std::string quoted = lexer.getVocabulary().getLiteralName(k);
      if (quoted.size() > 2) all[k] = quoted.substr(1, quoted.size() - 2);
    }
    return all;
  }();
  return literals[kind];
}

TokenClass class_of(std::size_t kind) {
  switch (kind) {
    case BulkheadLexer::NAME:
      return TokenClass::Word;
    case BulkheadLexer::NUMBER:
      return TokenClass::Number;
    case BulkheadLexer::STRING:
      return TokenClass::String;
    case BulkheadLexer::IPV4:
    case BulkheadLexer::IPV6:
      return TokenClass::Address;
    case BulkheadLexer::DIGEST:
      return TokenClass::Digest;
    case BulkheadLexer::COMMENT:
      return TokenClass::Comment;
    case BulkheadLexer::DOC:
      return TokenClass::Doc;
    default:
      break;  // a literal: hundreds of kinds that the grammar numbers as it likes
  }
  const std::string word = literal(kind);
  return !word.empty() && word[0] >= 'a' && word[0] <= 'z' ? TokenClass::Word : TokenClass::Sign;
}

}  // namespace

void scan(std::string_view text, std::size_t begin, const std::function<bool(const RawToken&)>& take) {
  static const std::array<TokenClass, kKinds> classes = [] {
    std::array<TokenClass, kKinds> all{};
    for (std::size_t k = 1; k < kKinds; ++k) all[k] = class_of(k);
    return all;
  }();
  Bytes bytes(text, begin);
  BulkheadLexer lexer(&bytes);
  lexer.removeErrorListeners();
  for (;;) {
    const std::unique_ptr<antlr4::Token> token = lexer.nextToken();
    const std::size_t kind = token->getType();
    if (kind == antlr4::Token::EOF) return;
    RawToken raw;
    raw.token.begin = static_cast<std::uint32_t>(token->getStartIndex());
    raw.token.end = static_cast<std::uint32_t>(token->getStopIndex() + 1);
    raw.token.kind = static_cast<std::uint16_t>(kind);
    raw.token.cls = classes[kind];
    if (kind == BulkheadLexer::BAD) raw.kind = RawKind::Bad;
    if (kind == BulkheadLexer::UNTERMINATED) raw.kind = RawKind::Unterminated;
    if (!take(raw)) return;
  }
}

struct Grammar::Machine {
  Run run;
  BulkheadParser parser{&run};
  std::shared_ptr<StopAtFirst> stop = std::make_shared<StopAtFirst>();
  Grow grow;

  Machine() {
    parser.removeErrorListeners();
    parser.setErrorHandler(stop);
    parser.setBuildParseTree(false);
    parser.addParseListener(&grow);
  }

  /// Requires: `run` is set. Two stages: SLL is fast and nearly always right; what it refuses, full LL decides.
  bool try_entry(Rule entry) {
    return try_mode(entry, antlr4::atn::PredictionMode::SLL) || try_mode(entry, antlr4::atn::PredictionMode::LL);
  }

  bool try_mode(Rule entry, antlr4::atn::PredictionMode mode) {
    run.seek(0);
    grow.clear();
    parser.reset();
    parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(mode);
    try {
      call(entry);
      return true;
    } catch (const antlr4::ParseCancellationException&) {
      return false;
    }
  }

  void call(Rule entry) {
    if (entry == Rule::Unit)
      parser.unit();
    else if (entry == Rule::BodyUnit)
      parser.bodyUnit();
    else if (entry == Rule::AmountUnit)
      parser.amountUnit();
    else if (entry == Rule::NamespaceUnit)
      parser.namespaceUnit();
    else if (entry == Rule::SyscallUnit)
      parser.syscallUnit();
    else if (entry == Rule::KernelUnit)
      parser.kernelUnit();
    else if (entry == Rule::PropertyUnit)
      parser.propertyUnit();
    else if (entry == Rule::ModelUnit)
      parser.modelUnit();
    else if (entry == Rule::ProtocolUnit)
      parser.protocolUnit();
    else if (entry == Rule::ChannelUnit)
      parser.channelUnit();
    else if (entry == Rule::EditUnit)
      parser.editUnit();
    else
      BH_CHECK(false, "a rule that ends in EOF");
  }
};

Grammar::Grammar() : machine_(std::make_unique<Machine>()) {}
Grammar::~Grammar() = default;

Parsed Grammar::parse(Rule entry, std::span<const Token> words) {
  Machine& m = *machine_;
  m.run.set(words);
  Parsed result;
  if (m.try_entry(entry)) {
    result.tree = std::move(m.grow.tree);
    m.grow.clear();
  } else {
    result.error_at = m.stop->at;
  }
  m.parser.reset();
  return result;
}

Expected Grammar::expected(Rule entry, std::span<const Token> words, std::size_t at) {
  Machine& m = *machine_;
  m.run.set(words.first(std::min(at + 1, words.size())));
  Expected expected;
  for (std::size_t kind = 1; kind < kKinds; ++kind) {
    if (kind == BulkheadLexer::SIGN || kind == BulkheadLexer::UNTERMINATED || kind == BulkheadLexer::BAD) continue;
    if (kind == BulkheadLexer::DOC || kind == BulkheadLexer::COMMENT || kind == BulkheadLexer::SPACE) continue;
    m.run.cut(at + 1);
    m.run.set_kind(at, kind);
    const bool complete = m.try_mode(entry, antlr4::atn::PredictionMode::LL);
    if (!complete && m.stop->at <= at) continue;
    switch (kind) {
      case BulkheadLexer::NAME:
        expected.kinds.push_back("a name");
        continue;
      case BulkheadLexer::NUMBER:
        expected.kinds.push_back("a number");
        continue;
      case BulkheadLexer::STRING:
        expected.kinds.push_back("a string");
        continue;
      case BulkheadLexer::IPV4:
        expected.kinds.push_back("an address");
        continue;
      case BulkheadLexer::IPV6:
        continue;
      case BulkheadLexer::DIGEST:
        expected.kinds.push_back("a digest such as `sha256:...`");
        continue;
      default:
        break;
    }
    if (class_of(kind) == TokenClass::Sign) {
      expected.signs.push_back(literal(kind));
      continue;
    }
    // Nearly every keyword may be a name; it is expected as itself only where it was read as itself.
    bool as_itself = false;
    for (const Tree::Node& node : m.grow.tree.nodes) {
      if (node.leaf == at)
        as_itself = node.rule != Rule::AttributeName && node.rule != Rule::BodyWord && node.rule != Rule::ModelWord;
    }
    if (as_itself) expected.keywords.push_back(literal(kind));
  }
  m.parser.reset();
  return expected;
}

bool Expected::has_sign(std::string_view sign) const {
  return std::find(signs.begin(), signs.end(), sign) != signs.end();
}

}  // namespace bulkhead::syntax
