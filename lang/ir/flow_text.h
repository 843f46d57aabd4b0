// The flow map as the sentences that make it.
#pragma once

#include <string>

#include "lang/ir/flow.h"

namespace bulkhead::ir {

/// One sentence a line, in a fixed order: maps with one text are one map, whoever wrote its sentences and how.
std::string canonical_text(const FlowMap& flow);

}  // namespace bulkhead::ir
