// Values that bodies give to attributes: `trust Medium;`, `tier 3;`, `zone "eu";`, `audited true;`.
#pragma once

#include <optional>

#include "lang/ast/body.h"
#include "lang/types/lowering.h"

namespace bulkhead::types {

/// The type that an undeclared attribute gets from the value it is set to; reported where the value does not tell.
std::optional<ir::Type> infer_type(Lowering& lowering, const ast::AttributeSetting& setting, ModuleId module);

/// The value as one of the attribute's type; reported where it is none.
std::optional<ir::Value> attribute_value(Lowering& lowering, const ast::AttributeSetting& setting,
                                         const ir::Attribute& attribute, ModuleId module);

}  // namespace bulkhead::types
