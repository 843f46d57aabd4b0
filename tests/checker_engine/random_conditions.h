// Small random worlds in which rights move under conditions and are taken back; and everything that runs of them reach.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lang/ir/acquire.h"
#include "lang/ir/world.h"

namespace bulkhead::samples {

/// Three subjects, three devices, two rights; a claim `cannot acquire` for each subject, right and device. `negation`:
/// conditions may ask that somebody lacks something.
ir::World random_conditions(std::uint32_t seed, bool negation);

/// Whether each claim is violated in some state, by explicit search over runs of lang/ir/acquire: states are forests of
/// capabilities, and of capabilities with the same past one is enough to look at. None: more states than are looked at.
std::optional<std::vector<bool>> searched_with_conditions(const ir::World& world);

}  // namespace bulkhead::samples
