#include "lang/ir/label.h"

#include <algorithm>

#include "lang/base/check.h"
#include "lang/ir/glob.h"

namespace bulkhead::ir {

bool at_most(const World& world, LabelId low, LabelId high) {
  const std::vector<LabelId>& above = world.at(low).below;
  return std::find(above.begin(), above.end(), high) != above.end();
}

LabelId join(const World& world, LabelId a, LabelId b) {
  // The least upper bound is the only common upper bound that lies below all the others.
  for (const LabelId candidate : world.at(a).below) {
    if (!at_most(world, b, candidate)) continue;
    const std::vector<LabelId>& above = world.at(a).below;
    const bool least = std::all_of(above.begin(), above.end(), [&](LabelId other) {
      return !at_most(world, b, other) || at_most(world, candidate, other);
    });
    if (least) return candidate;
  }
  BH_CHECK(false, "the labels of a world are no lattice");
}

LabelId least_label(const World& world) {
  for (std::size_t i = 0; i < world.labels.size(); ++i) {
    if (world.labels[i].below.size() == world.labels.size()) return LabelId(i);
  }
  BH_CHECK(false, "the labels of a world have no least one");
}

LabelId label_of(const World& world, const FileObject& object) {
  LabelId label = least_label(world);
  for (const ObjectSet& set : world.sets) {
    if (set.label && patterns_match(set.patterns, object)) label = join(world, label, *set.label);
  }
  return label;
}

}  // namespace bulkhead::ir
