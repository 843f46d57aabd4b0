#include "lang/import/selinux/constraint_expression.h"

#include <algorithm>
#include <initializer_list>

#include "lang/import/selinux/lexer.h"

namespace bulkhead::selinux {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Operators wait until one that binds less comes; operands and operators that are done are in postfix order.
class Reader {
 public:
  Reader(std::string_view text, std::uint32_t begin, Draft& draft) : begin_(begin), lexer_(text), draft_(draft) {
    advance();
  }

  std::optional<std::vector<DraftConstraintTerm>> run() {
    bool operand_comes = true;
    while (!at(";") && token_.kind != TokenKind::End) {
      if (!(operand_comes ? before_operand(operand_comes) : behind_operand(operand_comes))) return std::nullopt;
    }
    if (operand_comes) return std::nullopt;
    while (!waiting_.empty()) {
      if (waiting_.back() == Operator::Bracket) return std::nullopt;
      apply();
    }
    return std::move(done_);
  }

 private:
  enum class Operator : std::uint8_t { Bracket, Or, And, Not };  // what binds more is greater

  std::string_view word() const { return lexer_.text(token_); }
  void advance() { token_ = lexer_.next(); }
  bool at(std::string_view sign) const { return token_.kind == TokenKind::Sign && word() == sign; }
  bool at_word(std::initializer_list<std::string_view> words) const {
    return token_.kind == TokenKind::Word && is_one_of(word(), words);
  }
  bool take(bool here) {
    if (here) advance();
    return here;
  }

  bool before_operand(bool& operand_comes) {
    if (take(at("("))) {
      waiting_.push_back(Operator::Bracket);
      return true;
    }
    if (take(at("!") || at_word({"not", "NOT"}))) {
      waiting_.push_back(Operator::Not);
      return true;
    }
    operand_comes = false;
    return comparison();
  }

  bool behind_operand(bool& operand_comes) {
    if (take(at(")"))) {
      while (!waiting_.empty() && waiting_.back() != Operator::Bracket) apply();
      if (waiting_.empty()) return false;
      waiting_.pop_back();
      return true;
    }
    const bool is_and = at("&&") || at_word({"and", "AND"});
    if (!take(is_and || at("||") || at_word({"or", "OR"}))) return false;
    const Operator next = is_and ? Operator::And : Operator::Or;
    while (!waiting_.empty() && waiting_.back() >= next) apply();
    waiting_.push_back(next);
    operand_comes = true;
    return true;
  }

  void apply() {
    const Operator last = waiting_.back();
    waiting_.pop_back();
    const ConstraintOperation operation = last == Operator::Not   ? ConstraintOperation::Not
                                          : last == Operator::And ? ConstraintOperation::And
                                                                  : ConstraintOperation::Or;
    done_.push_back({operation, {}});
  }

  /// `t1 == { a b }`, `t1 != t2`, `l1 dom l2`, `u1 == some_u`.
  bool comparison() {
    const bool first = at_word({"t1", "T1"}), second = at_word({"t2", "T2"});
    const bool other =
        at_word({"u1", "U1", "u2", "U2", "r1", "R1", "r2", "R2", "l1", "L1", "l2", "L2", "h1", "H1", "h2", "H2"});
    if (!take(first || second || other)) return false;
    const bool equal = at("==") || at_word({"eq", "EQ"}), unequal = at("!=") || at_word({"ne", "NE"});
    const bool ordered = at_word({"dom", "DOM", "domby", "DOMBY", "incomp", "INCOMP"});
    if (!take(equal || unequal || (other && ordered))) return false;
    if (other) {
      done_.push_back({ConstraintOperation::Open, {}});
      return names().has_value();
    }
    if (first && take(at_word({"t2", "T2"}))) {
      done_.push_back({ConstraintOperation::SameType, {}});
    } else {
      const std::optional<Names> types = names();
      if (!types) return false;
      done_.push_back({first ? ConstraintOperation::FirstIn : ConstraintOperation::SecondIn, *types});
    }
    if (unequal) done_.push_back({ConstraintOperation::Not, {}});
    return true;
  }

  /// `a`, `{ a b }`: here checkpolicy takes neither `~` nor `*`, nothing excluded and no brackets in brackets.
  std::optional<Names> names() {
    Names names{static_cast<std::uint32_t>(draft_.mentions.size()), 0, false, false};
    const bool several = take(at("{"));
    do {
      // The last is what libsepol writes for a set of nothing.
      if (token_.kind != TokenKind::Word || word() == "NO_IDENTIFIER") return std::nullopt;
      draft_.mentions.push_back({draft_.names.intern(word()), begin_ + token_.begin, false});
      advance();
    } while (several && !take(at("}")));
    names.count = static_cast<std::uint32_t>(draft_.mentions.size()) - names.first;
    return names;
  }

  std::uint32_t begin_;
  Lexer lexer_;
  Token token_;
  Draft& draft_;
  std::vector<Operator> waiting_;
  std::vector<DraftConstraintTerm> done_;
};

}  // namespace

std::optional<std::vector<DraftConstraintTerm>> read_constraint_expression(std::string_view text, std::uint32_t begin,
                                                                           std::uint32_t end, Draft& draft) {
  return Reader(text.substr(begin, end - begin), begin, draft).run();
}

}  // namespace bulkhead::selinux
