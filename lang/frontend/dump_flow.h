// The flow map of a world as sentences.
#pragma once

#include <string>

#include "lang/ir/flow.h"

namespace bulkhead::frontend {

/// A `flow` sentence for each way of the map; read again they are the same map.
std::string dump_flow(const ir::FlowMap& flow);

}  // namespace bulkhead::frontend
