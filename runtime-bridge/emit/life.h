// What a policy says of a container's image and life, which no artifact enforces: nobody is told that it does.
#pragma once

#include <vector>

#include "lang/ir/world.h"
#include "runtime-bridge/emit/gap.h"

namespace bulkhead::emit {

/// "lifecycle", for each line of the container's lifecycle; "image", where it has to be signed or to have a digest.
std::vector<Gap> unenforced_life(const ir::World& world, ir::SubjectId container);

}  // namespace bulkhead::emit
