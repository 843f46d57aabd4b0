// Minimal hitting sets in the order of their size, compared with all subsets.
#include "checker/query/hitting_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>

namespace bulkhead::query {
namespace {

constexpr std::size_t kElements = 6;

SentenceSet set_of(std::uint32_t bits) {
  SentenceSet set;
  for (std::size_t i = 0; i < kElements; ++i) {
    if ((bits >> i & 1) != 0) set.push_back(ir::SentenceId(i));
  }
  return set;
}

bool hits_all(std::uint32_t set, const std::vector<std::uint32_t>& conflicts) {
  return std::all_of(conflicts.begin(), conflicts.end(), [&](std::uint32_t conflict) { return (conflict & set) != 0; });
}

bool is_minimal(std::uint32_t set, const std::vector<std::uint32_t>& conflicts) {
  for (std::size_t i = 0; i < kElements; ++i) {
    if ((set >> i & 1) != 0 && hits_all(set & ~(1u << i), conflicts)) return false;
  }
  return hits_all(set, conflicts);
}

TEST(HittingSets, AreTheMinimalOnesBySizeAndEachOnce) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    HittingSets sets;
    std::vector<std::uint32_t> conflicts;
    for (std::size_t i = random() % 6; i > 0; --i) {
      conflicts.push_back(static_cast<std::uint32_t>(1 + random() % ((1u << kElements) - 1)));
      sets.add_conflict(set_of(conflicts.back()));
    }
    std::vector<SentenceSet> expected;
    for (std::uint32_t bits = 0; bits < (1u << kElements); ++bits) {
      if (is_minimal(bits, conflicts)) expected.push_back(set_of(bits));
    }
    std::vector<SentenceSet> found;
    while (const auto next = sets.next()) {
      EXPECT_TRUE(found.empty() || found.back().size() <= next->size());
      found.push_back(*next);
      sets.block(*next);
    }
    std::sort(expected.begin(), expected.end());
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, expected) << "round " << round;
    EXPECT_FALSE(sets.gave_up());
  }
}

TEST(HittingSets, ContainNothingThatIsBlocked) {
  HittingSets sets;
  sets.add_conflict(set_of(0b011));
  sets.add_conflict(set_of(0b110));
  sets.block(set_of(0b010));
  EXPECT_EQ(sets.next(), set_of(0b101));
  sets.block(set_of(0b100));
  EXPECT_EQ(sets.next(), std::nullopt);
}

TEST(HittingSets, AConflictOfNothingCannotBeHit) {
  HittingSets sets;
  sets.add_conflict({});
  EXPECT_EQ(sets.next(), std::nullopt);
  EXPECT_FALSE(sets.gave_up());
}

}  // namespace
}  // namespace bulkhead::query
