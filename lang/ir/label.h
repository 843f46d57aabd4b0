// The order of labels. World::labels is empty or a lattice: one least label, and a least upper bound for each two.
//
// `lower` sees to that: where the declared order has no least label or two labels have no upper bound it adds an
// implied one below or above all; where two labels have several minimal upper bounds it refuses the policy. The checker
// refuses any world that is none.
#pragma once

#include <optional>

#include "lang/ir/world.h"

namespace bulkhead::ir {

bool at_most(const World& world, LabelId low, LabelId high);
/// The least label that is at least `a` and `b`, if there is one.
std::optional<LabelId> join(const World& world, LabelId a, LabelId b);
/// The label below all others, if there is one.
std::optional<LabelId> least_label(const World& world);
bool labels_are_lattice(const World& world);

/// The join of the labels of all file sets that contain the object; the least label where none does. [semantics 1]
/// Requires: labels_are_lattice, and the world has labels.
LabelId label_of(const World& world, const FileObject& object);

}  // namespace bulkhead::ir
