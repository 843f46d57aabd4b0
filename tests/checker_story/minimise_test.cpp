#include "checker/story/minimise.h"

#include <gtest/gtest.h>

#include <random>

#include "checker/explore/explore.h"
#include "lang/system/replay.h"
#include "tests/support/random_system.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

TEST(Minimise, DropsWhatTheViolationDoesNotNeed) {
  const Memory stale(Flush::Forgotten);
  const Theorem theorem{Always{stale.exclusive}, {}};
  const system::Run run{{{3, 2}},
                        {{{0, 2}, {0, 0, 0, 0, 0, 0}}},
                        {{stale.map, {2, 1}},
                         {stale.map, {0, 0}},
                         {stale.transfer, {2, 0, 1}},
                         {stale.transfer, {0, 2, 0}},
                         {stale.transfer, {2, 1, 0}},
                         {stale.map, {1, 0}},
                         {stale.map, {1, 0}}},
                        std::nullopt};
  ASSERT_EQ(replay_violation(stale.system, theorem, run), std::nullopt);
  const system::Run least = story::minimise(stale.system, theorem, run);
  EXPECT_EQ(replay_violation(stale.system, theorem, least), std::nullopt);
  EXPECT_LE(least.steps.size(), 4u);
}

TEST(Minimise, KeepsALoopFair) {
  const Ring ring;
  const Theorem theorem{ring.served({{ring.rest, true}}), {}};
  const system::Run run{{}, {{{0}}}, {{ring.rest, {}}, {ring.rest, {}}, {ring.rest, {}}}, 1};
  const system::Run least = story::minimise(ring.system, theorem, run);
  EXPECT_EQ(replay_violation(ring.system, theorem, least), std::nullopt);
  EXPECT_EQ(least.steps.size(), 1u);
}

TEST(Minimise, LeavesLeaksLeaks) {
  const Cells cells(Wipe::Forgotten);
  const Theorem theorem{cells.leaks_nothing, {}};
  const State first{{{0}, {0}, {0, 0, 0, 0}, {1, 0}}};
  const Fired give{cells.give, {0}}, write{cells.write, {0, 0}}, refused{cells.write, {1, 0}};
  const system::Run left{{{2, 1}}, first, {refused, write, write, give, refused}, std::nullopt};
  const system::Run right{{{2, 1}}, first, {refused, give, refused}, std::nullopt};
  ASSERT_NE(replay_leak(cells.system, theorem, left, right), std::nullopt) << "the observer wrote over it";
  system::Run a = left, b = right;
  a.steps.pop_back();
  b.steps.pop_back();
  ASSERT_EQ(replay_leak(cells.system, theorem, a, b), std::nullopt);
  const auto [least, other] = story::minimise(cells.system, theorem, a, b);
  EXPECT_EQ(replay_leak(cells.system, theorem, least, other), std::nullopt);
  EXPECT_EQ(least.steps, (std::vector<Fired>{write, give}));
  EXPECT_EQ(other.steps, (std::vector<Fired>{give}));
}

TEST(Minimise, OfRandomRunsIsNotShorterThanTheShortest) {
  int minimised = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const RandomSystem made(seed);
    explore::Options options;
    options.work = 1u << 18;
    const auto outcome = explore::search(made.system, made.always, made.scope, options);
    const auto* found = std::get_if<explore::Found>(&outcome);
    if (found == nullptr || found->run.steps.empty()) continue;
    system::Run longer = found->run;  // repeats each step that can be repeated
    for (std::size_t i = 0; i < longer.steps.size(); ++i) {
      system::Run twice = longer;
      twice.steps.insert(twice.steps.begin() + static_cast<long>(i), longer.steps[i]);
      if (replay_violation(made.system, made.always, twice)) continue;
      longer = twice;
      ++i;
    }
    const system::Run least = story::minimise(made.system, made.always, longer);
    ASSERT_EQ(replay_violation(made.system, made.always, least), std::nullopt) << seed;
    ASSERT_GE(least.steps.size(), found->run.steps.size()) << seed;
    for (std::size_t i = 0; i < least.steps.size(); ++i) {
      system::Run shorter = least;
      shorter.steps.erase(shorter.steps.begin() + static_cast<long>(i));
      ASSERT_NE(replay_violation(made.system, made.always, shorter), std::nullopt) << seed;
    }
    ++minimised;
  }
  EXPECT_GT(minimised, 20);
}

}  // namespace
}  // namespace bulkhead::test
