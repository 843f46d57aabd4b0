// Labels as sets: a label stands for the labels at or below it, and labels join by union, whatever order was declared.
#pragma once

#include <optional>
#include <set>

#include "lang/ir/world.h"

namespace bulkhead::ir {

/// Closed downwards. `a <= b` is inclusion.
using LabelSet = std::set<LabelId>;

bool at_most(const World& world, LabelId low, LabelId high);
LabelSet below(const World& world, LabelId label);
/// The label below all others, if there is one.
std::optional<LabelId> least_label(const World& world);

/// The join of the labels of all file sets that contain the object, and of the least label. [semantics 1]
LabelSet label_of(const World& world, const FileObject& object);

}  // namespace bulkhead::ir
