// Transition systems made by hand, for the tests of the deductive engine.
#pragma once

#include "lang/ir/world.h"
#include "lang/system/builder.h"

namespace bulkhead::tests {

/// Frames of memory that belong to one container each and are mapped by containers. [language.md 5]
enum class Flush { Yes, No };
system::System memory_model(Flush flush);

/// A world with one model and claims about it, by name.
ir::World world_of(system::System system);
void add_claim(ir::World& world, const std::string& name, system::Statement statement);
system::Always always(const system::System& system, const std::string& property);

}  // namespace bulkhead::tests
