// Terms: formulas over Booleans, integers, bit-vectors up to 128 bits, arrays over the integers, enumerations,
// unbounded sorts and functions, each kept once. What solvers are asked about.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lang/base/id.h"

namespace bulkhead::term {

using TermId = Id<struct SmtTermTag>;

struct Sort {
  enum class Kind : std::uint8_t { Bool, Int, Bits, Member, Element, Array } kind = Kind::Bool;
  std::uint16_t width = 0;  // of Bits: 1 .. 128; of Member: how many there are; of Element: which unbounded sort it is
  Kind held = Kind::Bool;   // of Array: Bool, Int or Bits, whose width is above
  friend auto operator<=>(const Sort&, const Sort&) = default;
};
constexpr Sort kBool{Sort::Kind::Bool, 0};
constexpr Sort kInt{Sort::Kind::Int, 0};
constexpr Sort bits(std::uint16_t width) {
  return {Sort::Kind::Bits, width};
}
constexpr Sort members(std::uint16_t count) {
  return {Sort::Kind::Member, count};
}
constexpr Sort elements(std::uint16_t number) {
  return {Sort::Kind::Element, number};
}
/// From the integers to Bool, Int or Bits.
constexpr Sort array_of(Sort held) {
  return {Sort::Kind::Array, held.width, held.kind};
}
constexpr Sort held_by(Sort array) {
  return {array.held, array.width};
}
inline constexpr std::uint16_t kMaxWidth = 128;

/// An unsigned word of up to 128 bits.
struct Word {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Word&, const Word&) = default;
  friend bool operator<(const Word& a, const Word& b) { return a.high != b.high ? a.high < b.high : a.low < b.low; }
};

enum class Op : std::uint8_t {
  True,
  False,
  Variable,
  Number,    // of sort Int; the word's low half as a signed value
  Constant,  // of sort Bits; of sort Member the place of the member
  Not,
  And,
  Or,
  Equal,
  Ite,
  Add,
  Subtract,
  Multiply,
  Less,
  LessEqual,  // of Int
  BitNot,
  BitAnd,
  BitOr,
  BitXor,
  BitAdd,
  BitSub,
  BitMul,
  ShiftLeft,
  ShiftRight,  // modulo 2^width; shifts are logical
  UnsignedLess,
  UnsignedLessEqual,
  SignedLess,
  SignedLessEqual,
  Extract,  // word.low: first bit; the width is the sort's
  Concat,   // the first argument is the high part
  ZeroExtend,
  ForAll,  // all arguments but the last are variables
  Apply,   // a function without meaning of its own
  Fill,    // the array that holds its argument everywhere
  Select,  // what an array holds at an integer
  Put      // the array with something else at an integer
};

/// A function that only its name tells apart: equal arguments have equal values.
struct Symbol {
  std::string name;
  std::vector<Sort> arguments;
  Sort result;
};
using SymbolId = Id<struct SmtSymbolTag>;

struct Node {
  Op op = Op::True;
  Sort sort;
  Word word;
  std::uint32_t name = 0;  // of Variable and Apply
  std::vector<TermId> args;
  friend bool operator==(const Node&, const Node&) = default;
};

/// An arena; arguments stand before what uses them, equal terms are one term. The makers check sorts (BH_CHECK) and
/// fold constants.
class Store {
 public:
  Store();

  TermId truth(bool value) const { return TermId{value ? 0u : 1u}; }
  /// The variable of this name: a plain symbol of letters, digits, `_`, `.` and `!`, which does not start with `t!`.
  /// Requires: every use of a name has the same sort.
  TermId variable(std::string_view name, Sort sort);
  TermId number(std::int64_t value);
  TermId member(std::uint16_t place, std::uint16_t count);
  TermId constant(std::uint64_t value, std::uint16_t width) { return constant(Word{value, 0}, width); }
  TermId constant(Word value, std::uint16_t width);  // cut to the width

  TermId negation(TermId a);
  TermId conjunction(std::vector<TermId> args);
  TermId disjunction(std::vector<TermId> args);
  TermId implication(TermId a, TermId b) { return disjunction({negation(a), b}); }
  TermId equal(TermId a, TermId b);
  TermId ite(TermId condition, TermId then, TermId otherwise);
  /// Any of Add .. SignedLessEqual and Concat, of arguments of one sort (Concat: of any widths).
  TermId apply(Op op, std::vector<TermId> args);
  TermId extract(TermId a, std::uint16_t first_bit, std::uint16_t width);
  TermId zero_extend(TermId a, std::uint16_t width);
  TermId for_all(std::vector<TermId> variables, TermId body);
  TermId exists(std::vector<TermId> variables, TermId body) {
    return negation(for_all(std::move(variables), negation(body)));
  }
  TermId fill(TermId value);
  TermId select(TermId array, TermId index);
  TermId put(TermId array, TermId index, TermId value);
  /// A new function; the name as of variable(), and no other function's.
  SymbolId declare(Symbol symbol);
  TermId call(SymbolId symbol, std::vector<TermId> args);

  const Node& at(TermId id) const { return nodes_.at(id.index()); }
  Sort sort(TermId id) const { return at(id).sort; }
  std::size_t size() const { return nodes_.size(); }
  const std::string& name(TermId variable) const { return names_.at(at(variable).name); }
  const Symbol& symbol(TermId call) const { return symbols_.at(at(call).name); }
  const std::vector<Symbol>& symbols() const { return symbols_; }

 private:
  TermId intern(Node node);
  TermId connective(Op op, std::vector<TermId> args);

  std::vector<Node> nodes_;
  std::vector<std::string> names_;
  std::vector<Symbol> symbols_;
  std::map<std::string, TermId, std::less<>> variables_;
  std::unordered_multimap<std::uint64_t, TermId> by_hash_;
};

/// Values of variables: Booleans as 0 and 1, Int as the low half, arrays as their number in an Arrays (arrays.h).
using Assignment = std::map<TermId, Word>;
class Arrays;

/// The value of a term without quantifiers; variables without a value count as 0. None: it has a quantifier, a function
/// or an integer that 64 bits do not hold; or arrays where there are no `arrays`, which grow, or too many of them.
std::optional<Word> evaluate(const Store& store, TermId term, const Assignment& assignment, Arrays* arrays = nullptr);
/// Of several terms in one go, in their order.
std::optional<std::vector<Word>> evaluate(const Store& store, std::span<const TermId> terms,
                                          const Assignment& assignment, Arrays* arrays = nullptr);

/// The terms that a term is made of, itself included, in the order of the arena. Variables that it binds are among
/// them.
std::vector<TermId> reachable(const Store& store, std::span<const TermId> roots);

/// A script that z3 and cvc5 both read: logic, declarations, one assertion for each term, `(check-sat)`.
std::string to_smt2(const Store& store, std::span<const TermId> assertions);

}  // namespace bulkhead::term
