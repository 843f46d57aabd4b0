// The types of each set of a policy, as its definition says them. Trusted: what checks evidence uses this, and not the
// faster way of the importer.
#pragma once

#include <cstdint>
#include <vector>

#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

/// Type i is in the set where bit i % 64 of word i / 64 is 1.
using SetRow = std::vector<std::uint64_t>;

inline bool has(const SetRow& row, std::size_t i) {
  return ((row[i >> 6u] >> (i & 63u)) & 1u) == 1u;
}

bool disjoint(const SetRow& a, const SetRow& b);

/// A type is in a set where some word or `*` means it and no word excludes it; `~` turns that round.
SetRow set_row(const Policy& policy, const TypeSet& set);

struct SetRows {
  explicit SetRows(const Policy& policy);
  /// Those that constraints speak of alone; the others are empty.
  static SetRows of_constraints(const Policy& policy);

  std::vector<SetRow> rows;                         // of each set
  std::vector<std::vector<std::uint32_t>> members;  // the same as numbers, in order

 private:
  SetRows() = default;
  void expand(const Policy& policy, SetId set);
};

}  // namespace bulkhead::selinux
