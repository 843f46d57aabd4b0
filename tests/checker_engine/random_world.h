// Small random worlds: three containers and a host, a few patterns of each plane, conditions of each kind, claims of
// each form.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "lang/ir/request.h"
#include "lang/ir/world.h"

namespace bulkhead::samples {

/// Two worlds of one seed are the same world.
ir::World random_world(std::uint32_t seed);

/// Every object of a small scope of this world, per plane, and every context over the values that conditions tell
/// apart.
std::vector<ir::Object> small_objects(const ir::World& world, ir::Plane plane);
std::vector<std::map<ir::AttributeId, ir::Value>> small_contexts(const ir::World& world);

}  // namespace bulkhead::samples
