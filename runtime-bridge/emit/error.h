// Why a policy cannot be turned into an artifact.
#pragma once

#include <string>

#include "lang/ir/ids.h"

namespace bulkhead::emit {

struct EmitError {
  std::string reason;       // lower case, no full stop
  ir::SentenceId sentence;  // the sentence that stands in the way; invalid: none in particular
};

}  // namespace bulkhead::emit
