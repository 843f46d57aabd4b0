// Operands of conditions: what a name or a literal means there, and whether it fits beside another operand.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/types/condition.h"

namespace bulkhead::types {

/// The type of an operand as the type checker sees it: finer than ir::Type, with literals whose type their neighbour
/// gives.
enum class Shape : std::uint8_t {
  Failed,  // already reported
  Bool,
  Signed,
  Unsigned,
  Enum,
  Label,
  String,
  ContextString,
  Path,
  Address,
  Proto,
  NumberLiteral,
  StringLiteral,
  NetworkLiteral,
  Word  // no type of their own
};

struct Operand {
  Shape shape = Shape::Failed;
  ir::EnumId enumeration;  // of Enum
  ir::ExprId expr;         // what was emitted for it; literals have none yet
  const ast::Expr* source = nullptr;
  ir::AttributeId reads;  // the attribute that it reads, if any
};

bool is_literal(Shape shape);
std::string describe(Lowering& lowering, const Operand& operand);

ir::ExprId emit(Lowering& lowering, ir::Expr expr);
ir::ExprId emit_bool(Lowering& lowering, ir::Op op, std::vector<ir::ExprId> args);

/// A leaf of the tree: a constant, a name, an attribute.
Operand lower_leaf(Lowering& lowering, const ast::Expr& expr, const Scope& scope);

/// The attribute that `variable has name` or `variable.name` speaks of, with its source; reported where there is none.
struct AttributeRef {
  ir::Source source = ir::Source::Subject;
  ir::AttributeId attribute;
};
std::optional<AttributeRef> find_attribute(Lowering& lowering, const ast::Name& variable, const ast::Name& name,
                                           const Scope& scope);

/// Gives the literal the type of `like`, and emits it. Reported where that cannot be.
Operand coerce(Lowering& lowering, const Operand& literal, const Operand& like, const Scope& scope);

}  // namespace bulkhead::types
