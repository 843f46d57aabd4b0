#include <gtest/gtest.h>

#include "lang/system/replay.h"
#include "lang/system/valid.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

// Two users, one cell; the heir of each is the other. Functions: holder, content, trusts, heir.
State first(Value holder, bool trusting = false) {
  const Value trust = trusting ? 1 : 0;
  return {{{holder}, {0}, {trust, trust, trust, trust}, {1, 0}}};
}
system::Run run(const State& state, std::vector<Fired> steps) {
  return {{{2, 1}}, state, std::move(steps), std::nullopt};
}

TEST(ReplayLeak, AcceptsTwoRunsThatDifferInPurgedStepsAlone) {
  const Cells cells(Wipe::Forgotten);
  const Theorem theorem{cells.leaks_nothing, {}};
  ASSERT_TRUE(is_valid(cells.system, theorem));
  const system::Run wrote = run(first(0), {{cells.write, {0, 0}}, {cells.give, {0}}});
  const system::Run idle = run(first(0), {{cells.give, {0}}});
  EXPECT_EQ(replay_leak(cells.system, theorem, wrote, idle), std::nullopt);
  EXPECT_EQ(replay_leak(cells.system, theorem, idle, wrote), std::nullopt);
  EXPECT_NE(replay_leak(cells.system, theorem, wrote, wrote), std::nullopt);
}

TEST(ReplayLeak, RefusesRunsThatGoRound) {
  const Cells cells(Wipe::Forgotten);
  system::Run wrote = run(first(0), {{cells.write, {0, 0}}, {cells.give, {0}}});
  wrote.loop = 1;
  const system::Run idle = run(first(0), {{cells.give, {0}}});
  EXPECT_NE(replay_leak(cells.system, {cells.leaks_nothing, {}}, wrote, idle), std::nullopt);
}

TEST(ReplayLeak, FailsWhereTheMistakeIsMended) {
  const Cells cells(Wipe::Done);
  const system::Run wrote = run(first(0), {{cells.write, {0, 0}}, {cells.give, {0}}});
  const system::Run idle = run(first(0), {{cells.give, {0}}});
  EXPECT_NE(replay_leak(cells.system, {cells.leaks_nothing, {}}, wrote, idle), std::nullopt);
}

TEST(ReplayLeak, KeepsTheStepsOfTheObserverAndOfTheSystemItself) {
  const Cells cells(Wipe::Forgotten);
  const Theorem theorem{cells.leaks_nothing, {}};
  EXPECT_NE(replay_leak(cells.system, theorem, run(first(1), {{cells.write, {1, 0}}}), run(first(1), {})), std::nullopt)
      << "what the observer did itself is no leak";
  EXPECT_NE(replay_leak(cells.system, theorem, run(first(0), {{cells.give, {0}}}), run(first(0), {})), std::nullopt)
      << "what the system does is nobody's secret";
}

TEST(ReplayLeak, KeepsTheStepsOfWhomTheClaimExcepts) {
  const Cells cells(Wipe::Forgotten);
  const Theorem theorem{cells.except_trusted, {}};
  ASSERT_TRUE(is_valid(cells.system, theorem));
  for (const bool trusting : {false, true}) {
    const system::Run wrote = run(first(0, trusting), {{cells.write, {0, 0}}, {cells.give, {0}}});
    const system::Run idle = run(first(0, trusting), {{cells.give, {0}}});
    EXPECT_EQ(replay_leak(cells.system, theorem, wrote, idle).has_value(), trusting);
  }
}

TEST(ReplayLeak, NeedsFirstStatesThatLookAlikeAndOneScope) {
  const Cells cells(Wipe::Forgotten);
  const Theorem theorem{cells.leaks_nothing, {}};
  const system::Run mine = run(first(0), {}), yours = run(first(1), {});
  EXPECT_NE(replay_leak(cells.system, theorem, mine, yours), std::nullopt) << "both see the difference at once";
  const system::Run other = run(first(0, true), {{cells.write, {0, 0}}, {cells.give, {0}}});
  const system::Run idle = run(first(0), {{cells.give, {0}}});
  EXPECT_EQ(replay_leak(cells.system, theorem, other, idle), "the runs differ in what never changes");
  system::Run wider = idle;
  wider.scope.sizes = {2, 2};
  EXPECT_NE(replay_leak(cells.system, theorem, other, wider), std::nullopt);
}

TEST(ReplayLeak, AnAttemptThatIsRefusedChangesNothing) {
  const Cells cells(Wipe::Forgotten);
  const Theorem theorem{cells.leaks_nothing, {}};
  // User 1 holds nothing: its write is refused in both runs.
  const system::Run wrote = run(first(0), {{cells.write, {1, 0}}, {cells.write, {0, 0}}, {cells.give, {0}}});
  const system::Run idle = run(first(0), {{cells.write, {1, 0}}, {cells.give, {0}}});
  EXPECT_EQ(replay_leak(cells.system, theorem, wrote, idle), std::nullopt);
  EXPECT_NE(replay(cells.system, wrote).objection, std::nullopt) << "but it is no step of a run";
}

TEST(Look, ShowsTheChoicesForWhichTheConditionHolds) {
  const Cells cells(Wipe::Done);
  const Scope scope{{2, 2}};
  const State state{{{1, 0}, {1, 1}, {0, 0, 0, 0}, {0, 0}}};
  const auto seen = look(cells.system, scope, state, cells.system.views[0], 1);
  ASSERT_TRUE(seen);
  EXPECT_EQ(*seen, (std::vector<Seen>{{0, {0}, 1}}));
}

}  // namespace
}  // namespace bulkhead::test
