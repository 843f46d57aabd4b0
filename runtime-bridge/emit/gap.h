// Where a mechanism is coarser than the policy: what is allowed and yet not granted by it, shown by a witness.
#pragma once

#include <string>

#include "lang/ir/ids.h"

namespace bulkhead::emit {

struct Gap {
  std::string what;            // "read"
  std::string witness;         // a path as the program sees it, a destination, an amount
  std::string reason;          // why the mechanism cannot say it
  std::string compensated_by;  // the mechanism that grants it instead; "" only where emission is refused
};

}  // namespace bulkhead::emit
