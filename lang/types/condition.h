// Conditions: typed so that their evaluation cannot fail, and turned into ir::Expr.
//
// An optional attribute may be read only where `has` is known to hold: to the right of it in `&&`, behind `->`, or to
// the right of its negation in `||`. Numbers of system calls' arguments are unsigned, all others signed, and the two
// never meet.
#pragma once

#include <optional>
#include <string>

#include "lang/ast/expr.h"
#include "lang/ir/expr.h"
#include "lang/types/lowering.h"

namespace bulkhead::types {

/// What the names in a condition mean where it stands.
struct Scope {
  ModuleId module;
  std::string subject;             // the variable of the subject, `c`; in a body `self`
  std::string object;              // the variable of the object, `f`; in a body `file`, `net`, `call` or `capability`
  std::optional<ir::Plane> plane;  // of the object; none where there is no object
  bool bare_attributes = false;    // in `with`, a bare name is an attribute of the variable
};

/// The typed condition; none after an error. A condition that is lowered again (a profile's) is the same expression.
std::optional<ir::ExprId> lower_condition(Lowering& lowering, ast::ExprId condition, const Scope& scope);

}  // namespace bulkhead::types
