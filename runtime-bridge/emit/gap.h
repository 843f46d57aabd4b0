// Where a mechanism is coarser than the policy, shown by a witness: what is allowed and yet not granted by it, or
// granted and yet not allowed.
#pragma once

#include <cstdint>
#include <string>

#include "lang/ir/ids.h"

namespace bulkhead::emit {

struct Gap {
  enum class Side : std::uint8_t { GrantsLess, GrantsMore };
  std::string what;            // "read"
  std::string witness;         // a path as the program sees it, a destination, an amount
  std::string reason;          // why the mechanism cannot say it
  std::string compensated_by;  // the mechanism that grants or denies it instead; "" only where emission is refused
  Side side = Side::GrantsLess;
};

}  // namespace bulkhead::emit
