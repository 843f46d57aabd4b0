// Conditions and formulas as they are written: an arena of expressions, children before parents, so that no walk needs
// recursion.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lang/ast/word.h"
#include "lang/base/id.h"

namespace bulkhead::ast {

using ExprId = Id<struct ExprTag>;

enum class ExprKind : std::uint8_t {
  Boolean,  // value: bool
  Number,   // value: Number
  String,   // value: String
  Network,  // value: Address, `10.0.0.0/8`
  Path,     // value: Path, `c.trust`, `Trust.High`, `High`, `call.arg0`, `context.mfa`
  Not,      // args[0]
  And,      // args, two or more: `a && b && c` is one node
  Or,       // args, two or more
  Implies,  // args[0] -> args[1]; groups to the right
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,  // args[0], args[1]; do not chain
  BitAnd,        // args, two or more
  Like,          // args[0] like args[1] (a String)
  InRange,       // args[0] in args[1] .. args[2], both inclusive
  InSet,  // args[0] in { args[1], ... }; `args[0] in NAME` and `args[0] in 10.0.0.0/8` have one element and no braces
  Has,    // args[0] (a Path: `c`, `context`) has args[1] (a Path of one part)
  Holds,  // args[0] (a Path) holds args[1] (a Path of one part), `on` args[2] where there is one
  // Of models alone, from here on:
  Equivalent,  // args[0] <-> args[1]; groups to the right
  Add,
  Subtract,
  Multiply,    // args[0], args[1]; group to the left
  IfThenElse,  // if args[0] then args[1] else args[2]
  ForAll,
  Exists,  // value: Bindings; args[0] reaches as far to the right as it can
  Apply,   // value: Path of the function; its arguments
  Set,     // { args... }
  Union,   // args[0], args[1]; group to the left
  Intersect,
  Star  // `*` as an argument: every value
};

/// `10.0.7.0/24`, `fd00:7::/48`, `192.0.2.1`: as written; whoever needs bytes parses it.
struct Address {
  std::string text;
  Span span;
};

/// `c, d: Container`.
struct Binding {
  std::vector<Name> names;
  Name type;
  Span span;
};
using Bindings = std::vector<Binding>;

struct Expr {
  ExprKind kind = ExprKind::Boolean;
  Span span;  // the whole expression
  Span op;    // its operator; of And, Or, BitAnd the first one
  std::vector<ExprId> args;
  bool braced = false;  // InSet: written with braces
  std::variant<std::monostate, bool, Number, String, Address, Path, Bindings> value;
};

}  // namespace bulkhead::ast
