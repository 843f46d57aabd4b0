// Elements of a sort are told apart by equality alone, so states that differ in their names alone are one.
#pragma once

#include <cstddef>
#include <vector>

#include "checker/explore/machine.h"

namespace bulkhead::explore {

/// Renamings of the elements of sorts, at most kMaxRenamings: of sorts whose renamings would be more, none.
class Symmetry {
 public:
  static constexpr std::size_t kMaxRenamings = 720;

  explicit Symmetry(const Machine& machine);

  std::size_t renamings() const { return maps_.size(); }
  /// Replaces a state by the first, in lexicographic order, of those that renamings make of it. Returns how many
  /// entries were looked at: renamings that are out of the running early cost little.
  std::size_t canonical(Flat& state) const;

 private:
  struct Renaming {
    std::vector<std::size_t> source;               // by entry: where its value comes from
    std::vector<std::vector<system::Value>> name;  // by sort: the new names of its elements
  };
  system::Value renamed(const Flat& state, const Renaming& renaming, std::size_t entry) const;
  void add(const Machine& machine, std::vector<std::vector<system::Value>> name);

  std::vector<Renaming> maps_;      // the identity is the first
  std::vector<std::size_t> sorts_;  // by entry: the sort of its values, or none (number of sorts)
};

}  // namespace bulkhead::explore
