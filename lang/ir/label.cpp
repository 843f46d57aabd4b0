#include "lang/ir/label.h"

#include <algorithm>

#include "lang/base/check.h"
#include "lang/ir/glob.h"

namespace bulkhead::ir {

bool at_most(const World& world, LabelId low, LabelId high) {
  const std::vector<LabelId>& above = world.at(low).below;
  return std::find(above.begin(), above.end(), high) != above.end();
}

std::optional<LabelId> join(const World& world, LabelId a, LabelId b) {
  // The least upper bound is the only common upper bound that lies below all the others.
  const std::vector<LabelId>& above = world.at(a).below;
  for (const LabelId candidate : above) {
    if (!at_most(world, b, candidate)) continue;
    const bool least = std::all_of(above.begin(), above.end(), [&](LabelId other) {
      return !at_most(world, b, other) || at_most(world, candidate, other);
    });
    if (least) return candidate;
  }
  return std::nullopt;
}

std::optional<LabelId> least_label(const World& world) {
  for (std::size_t i = 0; i < world.labels.size(); ++i) {
    if (world.labels[i].below.size() == world.labels.size()) return LabelId{i};
  }
  return std::nullopt;
}

bool labels_are_lattice(const World& world) {
  for (std::size_t i = 0; i < world.labels.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!join(world, LabelId{i}, LabelId{j})) return false;
    }
  }
  return world.labels.empty() || least_label(world).has_value();
}

LabelId label_of(const World& world, const FileObject& object) {
  auto label = least_label(world);
  for (const ObjectSet& set : world.sets) {
    if (label && set.label && patterns_match(set.patterns, object)) label = join(world, *label, *set.label);
  }
  BH_CHECK(label, "the labels of a world are a lattice");
  return *label;
}

}  // namespace bulkhead::ir
