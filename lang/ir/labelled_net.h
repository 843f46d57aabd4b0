// Which addresses labelled data comes from. [semantics 4]
#pragma once

#include "lang/ir/world.h"

namespace bulkhead::ir {

/// The addresses of all nets that are labelled `label` or above. What comes from others has no label, not even the
/// least one: it is on the network already.
ObjectPatterns addresses_with(const World& world, LabelId label);

bool has_address(const ObjectPatterns& addresses);

/// Whether what this channel carries from the network, or tells of it, may come from one of these addresses.
///
/// Requires: an end of the channel is the network.
bool comes_from(const Channel& channel, const ObjectPatterns& addresses);

}  // namespace bulkhead::ir
