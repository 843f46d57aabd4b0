// What a filter answers to a call that it refuses: `ENOSYS`, `errno 38`, `kill`, `kill_thread`, `trap 5`, `log`,
// `notify`.
#pragma once

#include <optional>
#include <string>

#include "lang/ast/body.h"
#include "lang/types/lowering.h"

namespace bulkhead::types {

std::optional<ir::SyscallAction> lower_action(Lowering& lowering, const ast::SyscallAction& action);

/// As the language spells it.
std::string spell(const ir::SyscallAction& action);

}  // namespace bulkhead::types
