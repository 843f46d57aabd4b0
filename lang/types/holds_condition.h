// `when B holds write on Ledger && !(B holds read on Audit)`: conditions of delegations and revocations.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lang/types/lowering.h"

namespace bulkhead::types {

/// What a name of the sentence stands for in this one of the delegations that it makes: of a pod, and of containers of
/// which there may be many, the one that gives or is given.
struct Meant {
  std::string_view name;
  ir::SubjectId subject;
};

/// Nothing after an error. `written` without a value: always. Any other subject than those of the sentence has to be a
/// single one.
///
/// Requires: sets are lowered, `written` is an expression of the module.
std::optional<ir::HoldsCondition> lower_holds_condition(Lowering& lowering, const std::optional<ast::ExprId>& written,
                                                        ModuleId module, const std::vector<Meant>& names);

}  // namespace bulkhead::types
