#include "lang/system/replay.h"

#include <gtest/gtest.h>

#include "lang/system/valid.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

/// Container 0 maps frame 0, gives it to 1, who maps it too.
system::Run stale_mapping(const Memory& memory) {
  return {{{2, 1}},
          {{{0}, {0, 0}}},
          {{memory.map, {0, 0}}, {memory.transfer, {0, 1, 0}}, {memory.map, {1, 0}}},
          std::nullopt};
}

TEST(Replay, GivesEveryState) {
  const Memory memory(Flush::Forgotten);
  const Replayed replayed = replay(memory.system, stale_mapping(memory));
  EXPECT_EQ(replayed.objection, std::nullopt);
  ASSERT_EQ(replayed.states.size(), 4u);
  EXPECT_EQ(replayed.states[3], (State{{{1}, {1, 1}}}));
}

TEST(Replay, ObjectsToWhatIsNoRun) {
  const Memory memory(Flush::Forgotten);
  const system::Run good = stale_mapping(memory);
  system::Run bad = good;
  bad.first.tables[1][0] = 1;
  EXPECT_EQ(replay(memory.system, bad).objection, "the first state is not initial");
  bad = good;
  bad.first.tables[0][0] = 9;
  EXPECT_EQ(replay(memory.system, bad).objection, "the first state is no state of the system");
  bad = good;
  bad.steps[0].arguments[0] = 1;
  EXPECT_EQ(replay(memory.system, bad).objection, "step 1 is not enabled");
  bad = good;
  bad.steps[2].arguments.pop_back();
  EXPECT_EQ(replay(memory.system, bad).objection, "step 3 is no action with its arguments");
  bad = good;
  bad.scope.sizes = {2, 4000000000u};
  EXPECT_EQ(replay(memory.system, bad).objection, "the sizes of the sorts are none of the system's, or too large");
  bad = good;
  bad.loop = 1;
  EXPECT_EQ(replay(memory.system, bad).objection, "the loop does not close");
  bad.loop = 4;
  EXPECT_EQ(replay(memory.system, bad).objection, "the loop begins after the end");
}

TEST(Replay, RefusesRunsWithoutEnd) {
  const Ring ring;
  system::Run run{{}, {{{0}}}, std::vector<Fired>(kMaxSteps, Fired{ring.rest, {}}), std::nullopt};
  EXPECT_EQ(replay(ring.system, run).objection, std::nullopt);
  run.steps.push_back({ring.rest, {}});
  EXPECT_EQ(replay(ring.system, run).objection, "the run is longer than what is replayed");
}

TEST(ReplayViolation, ShowsThatAnInvariantIsViolated) {
  const Memory stale(Flush::Forgotten);
  const Theorem theorem{Always{stale.exclusive}, {}};
  ASSERT_TRUE(is_valid(stale.system, theorem));
  EXPECT_EQ(replay_violation(stale.system, theorem, stale_mapping(stale)), std::nullopt);
  system::Run shorter = stale_mapping(stale);
  shorter.steps.pop_back();
  EXPECT_NE(replay_violation(stale.system, theorem, shorter), std::nullopt);
}

TEST(ReplayViolation, FailsWhereTheMistakeIsMended) {
  const Memory memory(Flush::Done);
  EXPECT_EQ(replay_violation(memory.system, {Always{memory.exclusive}, {}}, stale_mapping(memory)),
            "no state of the run violates the claim");
}

TEST(ReplayViolation, KeepsToTheBoundsOfTheClaim) {
  const Memory stale(Flush::Forgotten);
  const system::Run run = stale_mapping(stale);
  const Always claim{stale.exclusive};
  EXPECT_EQ(replay_violation(stale.system, {claim, {{{stale.container, 2}}, 3}}, run), std::nullopt);
  EXPECT_NE(replay_violation(stale.system, {claim, {{{stale.container, 3}}, 3}}, run), std::nullopt);
  EXPECT_NE(replay_violation(stale.system, {claim, {{}, 2}}, run), std::nullopt);
}

TEST(ReplayViolation, OfUnreachableIsARunToTheState) {
  const Counter byte(Wrap::At256);
  system::Run run{{}, {{{1}}}, {}, std::nullopt};
  for (int i = 0; i < 85; ++i) run.steps.push_back({byte.raise, {}});  // 1 + 85 * 3 = 256
  EXPECT_EQ(replay_violation(byte.system, {Never{byte.is_zero}, {}}, run), std::nullopt);
  const Counter exact(Wrap::Never);
  EXPECT_NE(replay_violation(exact.system, {Never{exact.is_zero}, {}}, run), std::nullopt);
}

TEST(ReplayLeadsTo, NeedsALoopThatAvoidsTheGoal) {
  const Ring ring;
  const Theorem claim{ring.served({}), {}};
  ASSERT_TRUE(is_valid(ring.system, claim));
  const State north{{{0}}};
  EXPECT_EQ(replay_violation(ring.system, claim, {{}, north, {{ring.rest, {}}}, 0}), std::nullopt);
  EXPECT_EQ(replay_violation(ring.system, claim, {{}, north, {}, 0}), std::nullopt) << "it may simply stop";
  EXPECT_NE(replay_violation(ring.system, claim, {{}, north, {{ring.rest, {}}}, std::nullopt}), std::nullopt);
  const std::vector<Fired> round(3, Fired{ring.pass, {}});
  EXPECT_NE(replay_violation(ring.system, claim, {{}, north, round, 0}), std::nullopt) << "it comes by";
}

TEST(ReplayLeadsTo, NeedsAFairLoop) {
  const Ring ring;
  const Theorem fair{ring.served({{ring.pass, false}}), {}};
  const State north{{{0}}};
  EXPECT_EQ(replay_violation(ring.system, fair, {{}, north, {{ring.rest, {}}}, 0}), "the loop is not fair");
  EXPECT_EQ(replay_violation(ring.system, fair, {{}, north, {}, 0}), "the loop is not fair");
  const Theorem other{ring.served({{ring.rest, true}}), {}};
  EXPECT_EQ(replay_violation(ring.system, other, {{}, north, {{ring.rest, {}}}, 0}), std::nullopt);
}

TEST(ReplayLeadsTo, RefusesTooManyInstancesInsteadOfTryingThemAll) {
  System system;
  Builder b(system);
  const SortId sort = b.sort("S");
  std::vector<BinderId> parameters;
  for (int i = 0; i < 4; ++i) parameters.push_back(b.binder("x", of_sort(sort)));
  const ActionId wide = b.action("wide", parameters, b.truth(false), {});
  const LeadsTo claim{{}, b.truth(true), b.truth(false), {{wide, false}}};
  EXPECT_EQ(replay_violation(system, {claim, {}}, {{{2}}, {}, {}, 0}), std::nullopt);
  EXPECT_EQ(replay_violation(system, {claim, {}}, {{{4096}}, {}, {}, 0}),
            "the instances of a fair action cannot be listed");
}

/// A lamp that blinks; the door opens while it is lit.
struct Door {
  Door() {
    Builder b(system);
    lit = b.function("lit", Change::State, {}, kBool);
    open = b.function("open", Change::State, {}, kBool);
    b.initial(lit, {}, b.truth(false));
    b.initial(open, {}, b.truth(false));
    blink = b.action("blink", {}, b.truth(true), {{lit, {}, {}, b.negation(b.apply(lit)), {}}});
    push = b.action("push", {}, b.apply(lit), {{open, {}, {}, b.truth(true), {}}});
    claim = {{}, b.truth(true), b.apply(open), {{push, false}}};
  }
  System system;
  FunctionId lit, open;
  ActionId blink, push;
  LeadsTo claim;
};

TEST(ReplayLeadsTo, TellsWeakFromStrongFairness) {
  Door door;
  const system::Run blinking{{}, {{{0}, {0}}}, {{door.blink, {}}, {door.blink, {}}}, 0};
  EXPECT_EQ(replay_violation(door.system, {door.claim, {}}, blinking), std::nullopt);
  door.claim.fair[0].strong = true;
  EXPECT_EQ(replay_violation(door.system, {door.claim, {}}, blinking), "the loop is not fair");
}

}  // namespace
}  // namespace bulkhead::test
