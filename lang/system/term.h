// Terms of a transition system: many-sorted first-order logic over its functions, typed, total, without side effects.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lang/system/ids.h"

namespace bulkhead::system {

/// What a term stands for. `Bits` are unsigned machine words, whose arithmetic wraps; `Int` are the integers of
/// mathematics; the elements of a `Sort` are told apart by equality alone.
enum class Kind : std::uint8_t { Bool, Int, Bits, Enum, Sort };
struct Type {
  Kind kind = Kind::Bool;
  std::uint8_t width = 0;  // of Bits: 8, 16, 32, 64
  EnumId enumeration;      // of Enum
  SortId sort;             // of Sort
  friend auto operator<=>(const Type&, const Type&) = default;
};
inline constexpr Type kBool{};
inline constexpr Type kInt{Kind::Int, 0, {}, {}};
constexpr Type bits(std::uint8_t width) {
  return {Kind::Bits, width, {}, {}};
}
constexpr Type of_enum(EnumId id) {
  return {Kind::Enum, 0, id, {}};
}
constexpr Type of_sort(SortId id) {
  return {Kind::Sort, 0, {}, id};
}

enum class Op : std::uint8_t {
  Constant,  // value: 0 or 1; an integer; a word as its bits; the place of an enum's member
  Bound,     // binder: a parameter of an action or a variable of a quantifier
  Apply,     // function(args): its value in the present state
  Not,
  And,  // any number of arguments: none is true
  Or,   // any number of arguments: none is false
  Implies,
  Equal,  // of any type; of Booleans it is `if and only if`
  Less,
  LessEqual,  // Int: signed; Bits: unsigned; Enum: by place
  Add,
  Subtract,
  Multiply,  // Int and Bits
  IfThenElse,
  ForAll,
  Exists  // binders, args[0]
};

/// A node of the arena System::terms; arguments stand before what uses them.
struct Term {
  Op op = Op::Constant;
  Type type;
  std::int64_t value = 0;
  FunctionId function;
  BinderId binder;
  std::vector<BinderId> binders;
  std::vector<TermId> args;
  friend auto operator<=>(const Term&, const Term&) = default;
};

/// No term is nested deeper; the maker of a system refuses what is.
inline constexpr std::size_t kMaxTermDepth = 256;

}  // namespace bulkhead::system
