#include "lang/ir/label.h"

#include <algorithm>

#include "lang/ir/glob.h"

namespace bulkhead::ir {

bool at_most(const World& world, LabelId low, LabelId high) {
  const std::vector<LabelId>& above = world.at(low).below;
  return std::find(above.begin(), above.end(), high) != above.end();
}

LabelSet below(const World& world, LabelId label) {
  LabelSet set;
  for (std::size_t i = 0; i < world.labels.size(); ++i) {
    if (at_most(world, LabelId{i}, label)) set.insert(LabelId{i});
  }
  return set;
}

std::optional<LabelId> least_label(const World& world) {
  for (std::size_t i = 0; i < world.labels.size(); ++i) {
    if (world.labels[i].below.size() == world.labels.size()) return LabelId{i};
  }
  return std::nullopt;
}

LabelSet label_of(const World& world, const FileObject& object) {
  LabelSet label;
  if (const auto least = least_label(world)) label.insert(*least);
  for (const ObjectSet& set : world.sets) {
    const bool labelled = set.label && set.plane == Plane::File;
    if (labelled && patterns_match(set.patterns, object)) label.merge(below(world, *set.label));
  }
  return label;
}

}  // namespace bulkhead::ir
