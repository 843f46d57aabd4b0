// Authority that moves, and what it moves over.
#pragma once

#include "lang/types/lowering.h"

namespace bulkhead::types {

/// The channels of the policy, with the subjects at their ends.
///
/// Requires: subjects are declared, sets lowered.
void lower_channels(Lowering& lowering);

/// Holdings, delegations, declassifications and trust.
///
/// Requires: the bodies of subjects are lowered.
void lower_authority(Lowering& lowering);

/// `flow write: subject -> file;` of every module.
void lower_flow_map(Lowering& lowering);

}  // namespace bulkhead::types
