// Relations `from policy` of models whose elements are the policy's own: each gets its content as an assumption.
#pragma once

#include "lang/types/lowering.h"

namespace bulkhead::types {

/// One of the parts of lower(), after the rules and before the claims.
void fill_from_policy(Lowering& lowering);

}  // namespace bulkhead::types
