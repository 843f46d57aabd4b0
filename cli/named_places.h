// The objects that a policy names, as a subject sees them: what `what can X reach` asks about.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lang/ir/right.h"
#include "lang/ir/world.h"

namespace bulkhead::cli {

/// The named sets of the user, the volumes that the subject mounts, its own root, and every address, each with every
/// right of its plane; objects in the words of a claim.
std::vector<std::pair<ir::Right, std::string>> named_places(const ir::World& world, const std::string& subject);

}  // namespace bulkhead::cli
