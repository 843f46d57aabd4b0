// Evidence that something is not reached: a set, or a relation, that no edge leads out of.
#pragma once

#include <cstdint>
#include <vector>

namespace bulkhead::closure {

/// Node i is in the set where bit i % 64 of word i / 64 is 1. There are as many words as the nodes need.
struct ClosedSet {
  std::vector<std::uint64_t> words;

  friend bool operator==(const ClosedSet&, const ClosedSet&) = default;
};

/// Node u may reach node v (by one edge or more) where bit class_of[v] of row class_of[u] is 1; rows as in a ClosedSet.
struct ClosedRelation {
  std::vector<std::uint32_t> class_of;  // for each node
  std::size_t classes = 0;
  std::vector<std::uint64_t> rows;  // classes rows of (classes + 63) / 64 words each

  friend bool operator==(const ClosedRelation&, const ClosedRelation&) = default;
};

}  // namespace bulkhead::closure
