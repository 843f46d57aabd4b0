// Sets that have an element in common with each of some sets, smallest first. Internal to checker/query.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lang/ir/ids.h"

namespace bulkhead::query {

using SentenceSet = std::vector<ir::SentenceId>;  // ascending, each once

/// Grows from two sides: conflicts say that some element has to be in, blocks that not all of some elements may be in.
/// See: [Liffiton16], whose map of unexplored sets this is, explored by size.
class HittingSets {
 public:
  void add_conflict(SentenceSet conflict);
  void block(SentenceSet elements);

  /// A smallest set that hits every conflict, without one of its elements does not, and contains nothing that is
  /// blocked; of several the first in the order of elements. None: there is none, or the budget came first.
  std::optional<SentenceSet> next();
  /// `next` gave up: more than kMaxNodes partial sets were looked at.
  bool gave_up() const { return gave_up_; }

  static constexpr std::uint64_t kMaxNodes = 2'000'000;

 private:
  bool extend(SentenceSet& chosen, std::size_t size);
  bool is_blocked(const SentenceSet& chosen) const;
  bool needs_each(const SentenceSet& chosen) const;

  std::vector<SentenceSet> conflicts_;
  std::vector<SentenceSet> blocked_;
  std::uint64_t nodes_ = 0;
  bool gave_up_ = false;
};

}  // namespace bulkhead::query
