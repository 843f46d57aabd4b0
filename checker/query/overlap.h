// Labelled sets of files that share files: their labels join, which whoever wrote them may not have meant.
#pragma once

#include <cstddef>
#include <vector>

#include "lang/ir/world.h"

namespace bulkhead::query {

/// Two sets with different labels, and a file that lies in both.
struct LabelOverlap {
  ir::ObjectSetId first;
  ir::ObjectSetId second;
  ir::FileObject witness;
};

struct LabelOverlaps {
  std::vector<LabelOverlap> found;  // by second, then first
  std::size_t undecided = 0;        // pairs beyond the bounds of the search
};

/// Ensures: each witness lies in both sets by the reference semantics; exact but for `undecided`; deterministic.
/// Cost:    one search of paths for each two sets that share a volume, at most kMaxPairs of them.
LabelOverlaps overlapping_labels(const ir::World& world);

inline constexpr std::size_t kMaxPairs = 20'000;

}  // namespace bulkhead::query
