// The sentences of models, as sentences of the world.
#pragma once

#include "lang/types/lowering.h"

namespace bulkhead::types {

/// Adds the actions, updates, initial values and properties of the models and protocols that stand in the user's files,
/// after everything else: what no claim about them needs is unproved like a sentence of a policy. Nothing refers to
/// them.
void list_model_sentences(Lowering& lowering);

}  // namespace bulkhead::types
