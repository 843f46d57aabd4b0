#include "checker/query/hitting_sets.h"

#include <algorithm>

namespace bulkhead::query {
namespace {

bool contains(const SentenceSet& set, ir::SentenceId element) {
  return std::find(set.begin(), set.end(), element) != set.end();
}

bool meets(const SentenceSet& one, const SentenceSet& other) {
  return std::any_of(one.begin(), one.end(), [&](ir::SentenceId element) { return contains(other, element); });
}

void normalise(SentenceSet& set) {
  std::sort(set.begin(), set.end());
  set.erase(std::unique(set.begin(), set.end()), set.end());
}

}  // namespace

void HittingSets::add_conflict(SentenceSet conflict) {
  normalise(conflict);
  conflicts_.push_back(std::move(conflict));
}

void HittingSets::block(SentenceSet elements) {
  normalise(elements);
  blocked_.push_back(std::move(elements));
}

bool HittingSets::is_blocked(const SentenceSet& chosen) const {
  return std::any_of(blocked_.begin(), blocked_.end(), [&](const SentenceSet& block) {
    return std::all_of(block.begin(), block.end(), [&](ir::SentenceId element) { return contains(chosen, element); });
  });
}

/// Each element is the only one that hits some conflict.
bool HittingSets::needs_each(const SentenceSet& chosen) const {
  return std::all_of(chosen.begin(), chosen.end(), [&](ir::SentenceId element) {
    return std::any_of(conflicts_.begin(), conflicts_.end(), [&](const SentenceSet& conflict) {
      return std::count_if(conflict.begin(), conflict.end(),
                           [&](ir::SentenceId one) { return contains(chosen, one); }) == 1 &&
             contains(conflict, element);
    });
  });
}

/// Depth first; as deep as `size`, which the caller keeps small.
bool HittingSets::extend(SentenceSet& chosen, std::size_t size) {
  if (gave_up_ || is_blocked(chosen)) return false;
  if (++nodes_ > kMaxNodes) {
    gave_up_ = true;
    return false;
  }
  const auto open = std::find_if(conflicts_.begin(), conflicts_.end(),
                                 [&](const SentenceSet& conflict) { return !meets(conflict, chosen); });
  if (open == conflicts_.end()) return chosen.size() == size && needs_each(chosen);
  if (chosen.size() == size) return false;
  for (const ir::SentenceId element : *open) {
    chosen.push_back(element);
    if (extend(chosen, size)) return true;
    chosen.pop_back();
  }
  return false;
}

std::optional<SentenceSet> HittingSets::next() {
  nodes_ = 0;
  for (std::size_t size = 0; size <= conflicts_.size() && !gave_up_; ++size) {
    SentenceSet chosen;
    if (!extend(chosen, size)) continue;
    normalise(chosen);
    return chosen;
  }
  return std::nullopt;
}

}  // namespace bulkhead::query
