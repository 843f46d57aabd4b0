#include "checker/lrat/lrat.h"

#include <algorithm>
#include <charconv>

#include "lang/base/check.h"

namespace bulkhead::lrat {
namespace {

using Number = std::int64_t;

/// Numbers in one list; longer ones are refused before memory is spent on them.
constexpr std::size_t kMostNumbers = std::size_t{1} << 24;

std::size_t variable(Literal literal) {
  return static_cast<std::size_t>(literal < 0 ? -static_cast<std::int64_t>(literal) : literal);
}

/// The fields of one line: numbers, and the letter `d`. A field that is neither is none.
class Line {
 public:
  explicit Line(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  std::optional<Number> number() {
    Number value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc()) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return separated() ? std::optional<Number>(value) : std::nullopt;
  }
  bool deletes() {
    if (text_.substr(0, 2) != "d ") return false;
    text_.remove_prefix(2);
    return true;
  }
  /// Numbers up to a 0, which is not among them.
  std::optional<std::vector<Number>> list() {
    std::vector<Number> numbers;
    for (;;) {
      const auto next = number();
      if (!next) return std::nullopt;
      if (*next == 0) return numbers;
      if (numbers.size() == kMostNumbers) return std::nullopt;
      numbers.push_back(*next);
    }
  }

 private:
  /// One space, or the end of the line, stands behind each field.
  bool separated() {
    if (text_.empty()) return true;
    if (text_[0] != ' ') return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string_view text_;
};

/// The clauses that a hint may name: those that were given, then those that were shown.
class Known {
 public:
  explicit Known(std::span<const Clause> given) : given_(given), given_is_gone_(given.size(), false) {}

  /// Nothing: no clause has this number, or it was deleted.
  const Clause* find(Number number) const {
    if (number <= 0) return nullptr;
    if (is_given(number)) return given_is_gone_[place(number)] ? nullptr : &given_[place(number)];
    const auto found = shown(number);
    return found == shown_.end() || found->is_gone ? nullptr : &found->clause;
  }
  /// Requires: find(number).
  void remove(Number number) {
    if (is_given(number)) {
      given_is_gone_[place(number)] = true;
      return;
    }
    Shown& one = shown_[static_cast<std::size_t>(shown(number) - shown_.begin())];
    one.is_gone = true;
    one.clause = Clause();
  }
  Number last() const { return shown_.empty() ? static_cast<Number>(given_.size()) : shown_.back().number; }
  /// Requires: number > last().
  void add(Number number, Clause clause) { shown_.push_back({number, std::move(clause), false}); }

 private:
  struct Shown {
    Number number;
    Clause clause;
    bool is_gone;
  };
  static std::size_t place(Number number) { return static_cast<std::size_t>(number - 1); }
  bool is_given(Number number) const { return place(number) < given_.size(); }
  std::vector<Shown>::const_iterator shown(Number number) const {
    const auto at = std::lower_bound(shown_.begin(), shown_.end(), number,
                                     [](const Shown& one, Number wanted) { return one.number < wanted; });
    return at != shown_.end() && at->number == number ? at : shown_.end();
  }

  std::span<const Clause> given_;
  std::vector<bool> given_is_gone_;
  std::vector<Shown> shown_;  // by number
};

class Check {
 public:
  Check(std::span<const Clause> clauses, std::size_t variables) : known_(clauses), values_(variables + 1, 0) {}

  /// What is wrong with one more line.
  std::optional<std::string> operator()(Line line) {
    const auto number = line.number();
    if (!number) return "it does not begin with a number";
    if (line.deletes()) return remove(line);
    if (*number <= known_.last()) return "its number is not above those before it";
    const auto literals = line.list(), hints = line.list();
    if (!literals || !hints || !line.at_end()) return "it is no clause with its hints";
    auto clause = as_clause(*literals);
    if (!clause) return "it is no clause over the variables";
    auto why = follows(*clause, *hints);
    forget();
    if (why) return why;
    refuted_ = clause->empty();
    known_.add(*number, std::move(*clause));
    return std::nullopt;
  }
  bool refuted() const { return refuted_; }

 private:
  std::optional<std::string> remove(Line& line) {
    const auto numbers = line.list();
    if (!numbers || !line.at_end()) return "it is no list of clauses to delete";
    for (const Number number : *numbers) {
      if (known_.find(number) == nullptr) return "it deletes " + std::to_string(number) + ", which is no clause";
      known_.remove(number);
    }
    return std::nullopt;
  }

  std::optional<Clause> as_clause(const std::vector<Number>& literals) const {
    Clause clause;
    for (const Number literal : literals) {
      const Number bound = static_cast<Number>(values_.size());
      if (literal <= -bound || literal >= bound) return std::nullopt;
      clause.push_back(static_cast<Literal>(literal));
    }
    return clause;
  }

  /// 1: true, -1: false, 0: open.
  int value(Literal literal) const { return literal < 0 ? -values_[variable(literal)] : values_[variable(literal)]; }
  void make_true(Literal literal) {
    values_[variable(literal)] = literal < 0 ? -1 : 1;
    assigned_.push_back(variable(literal));
  }
  void forget() {
    for (const std::size_t one : assigned_) values_[one] = 0;
    assigned_.clear();
  }

  std::optional<std::string> follows(const Clause& clause, const std::vector<Number>& hints) {
    for (const Literal literal : clause) {
      if (value(literal) > 0) return "it has a literal and its negation";
      make_true(-literal);
    }
    for (std::size_t i = 0; i < hints.size(); ++i) {
      const std::string which = "hint " + std::to_string(hints[i]);
      if (hints[i] < 0) return which + " asks for a RAT step, which is not taken";
      const Clause* const named = known_.find(hints[i]);
      if (named == nullptr) return which + " names no clause";
      if ((work_ += named->size() + 1) > kMaxWork) return "the proof is too long to be checked";
      Literal left = 0;
      for (const Literal literal : *named) {
        if (value(literal) < 0 || literal == left) continue;
        if (value(literal) > 0 || left != 0) return which + " names a clause that has more than one literal left";
        left = literal;
      }
      if (left != 0) {
        make_true(left);
      } else {
        return i + 1 == hints.size() ? std::nullopt : std::optional<std::string>("it has hints that are not needed");
      }
    }
    return "its hints do not show it";
  }

  Known known_;
  std::vector<std::int8_t> values_;
  std::vector<std::size_t> assigned_;
  bool refuted_ = false;
  std::uint64_t work_ = 0;
};

}  // namespace

std::optional<std::string> objection(std::span<const Clause> clauses, std::string_view proof) {
  std::size_t variables = 0;
  for (const Clause& clause : clauses) {
    for (const Literal literal : clause) {
      BH_CHECK(literal != 0 && literal != INT32_MIN, "a literal is a variable or its negation");
      variables = std::max(variables, variable(literal));
    }
  }
  Check check(clauses, variables);
  for (std::size_t number = 1; !proof.empty(); ++number) {
    if (check.refuted()) return "the proof goes on behind the contradiction";
    const std::size_t length = std::min(proof.find('\n'), proof.size());
    const auto why = check(Line(proof.substr(0, length)));
    if (why) return "line " + std::to_string(number) + ": " + *why;
    proof.remove_prefix(std::min(length + 1, proof.size()));
  }
  if (!check.refuted()) return "the proof ends without a contradiction";
  return std::nullopt;
}

}  // namespace bulkhead::lrat
