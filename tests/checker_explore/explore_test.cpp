#include "checker/explore/explore.h"

#include <gtest/gtest.h>

#include "checker/explore/growth.h"
#include "lang/system/replay.h"
#include "lang/system/valid.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;
using explore::Exhausted;
using explore::Found;
using explore::Options;
using explore::Outcome;
using explore::Reduction;
using explore::Stopped;

Options renaming() {
  Options options;
  options.reduction = Reduction::Renames;
  return options;
}

TEST(Search, FindsAShortestStaleMapping) {
  const Memory stale(Flush::Forgotten);
  const Theorem theorem{Always{stale.exclusive}, {}};
  for (const Options& options : {Options{}, renaming()}) {
    const Outcome outcome = explore::search(stale.system, theorem, {{2, 2}}, options);
    ASSERT_TRUE(std::holds_alternative<Found>(outcome));
    const auto& run = std::get<Found>(outcome).run;
    EXPECT_EQ(run.steps.size(), 3u);
    EXPECT_EQ(replay_violation(stale.system, theorem, run), std::nullopt);
  }
}

TEST(Search, ExhaustsWhatIsSafe) {
  const Memory memory(Flush::Done);
  const Outcome plain = explore::search(memory.system, {Always{memory.exclusive}, {}}, {{2, 2}}, {});
  ASSERT_TRUE(std::holds_alternative<Exhausted>(plain));
  EXPECT_EQ(std::get<Exhausted>(plain).states, 16u);  // each frame: an owner, mapped by it or not
  const Outcome reduced = explore::search(memory.system, {Always{memory.exclusive}, {}}, {{2, 2}}, renaming());
  ASSERT_TRUE(std::holds_alternative<Exhausted>(reduced));
  EXPECT_EQ(std::get<Exhausted>(reduced).states, 6u);  // up to the names of containers and of frames
}

TEST(Search, CountsWordsRoundAndIntegersOn) {
  const Counter byte(Wrap::At256);
  const Outcome round = explore::search(byte.system, {Never{byte.is_zero}, {}}, {}, {});
  ASSERT_TRUE(std::holds_alternative<Found>(round));
  EXPECT_EQ(std::get<Found>(round).run.steps.size(), 85u);
  const Counter exact(Wrap::Never);
  Options small;
  small.work = 100000;
  const Outcome on = explore::search(exact.system, {Never{exact.is_zero}, {}}, {}, small);
  ASSERT_TRUE(std::holds_alternative<Stopped>(on)) << "integers never come round";
  EXPECT_EQ(std::get<Stopped>(on).why, "the budget of work is spent");
  EXPECT_GT(std::get<Stopped>(on).depth, 1000u);
}

TEST(Search, KeepsToTheStepsOfTheClaim) {
  const Counter exact(Wrap::Never);
  EXPECT_TRUE(std::holds_alternative<Exhausted>(explore::search(exact.system, {Never{exact.is_ten}, {{}, 2}}, {}, {})));
  EXPECT_TRUE(std::holds_alternative<Found>(explore::search(exact.system, {Never{exact.is_ten}, {{}, 3}}, {}, {})));
}

TEST(Search, StopsAtTheBudgetOfMemory) {
  const Counter exact(Wrap::Never);
  Options small;
  small.bytes = 64 * 1024;
  const Outcome outcome = explore::search(exact.system, {Never{exact.is_zero}, {}}, {}, small);
  ASSERT_TRUE(std::holds_alternative<Stopped>(outcome));
  EXPECT_EQ(std::get<Stopped>(outcome).why, "the budget of memory is spent");
}

/// One action whose parameter is of this type, and a property that it breaks.
struct Setter {
  explicit Setter(Type type) {
    Builder b(system);
    const FunctionId x = b.function("x", Change::State, {}, type), done = b.function("done", Change::State, {}, kBool);
    b.initial(done, {}, b.truth(false));
    const BinderId v = b.binder("v", type);
    b.action("set", {v}, b.truth(true), {{x, {}, {}, b.bound(v), {}}, {done, {}, {}, b.truth(true), {}}});
    is_done = b.apply(done);
  }
  System system;
  TermId is_done;
};

TEST(Search, DoesNotCallExhaustedWhatItCannotList) {
  const Setter byte(bits(8)), word(bits(32)), integer(kInt);
  EXPECT_TRUE(std::holds_alternative<Found>(explore::search(byte.system, {Never{byte.is_done}, {}}, {}, {})));
  EXPECT_TRUE(std::holds_alternative<Stopped>(explore::search(word.system, {Never{word.is_done}, {}}, {}, {})));
  EXPECT_TRUE(std::holds_alternative<Stopped>(explore::search(integer.system, {Never{integer.is_done}, {}}, {}, {})));
}

TEST(Search, DoesNotCallExhaustedWhereAStepIsBeyond) {
  System system;
  Builder b(system);
  const FunctionId x = b.function("x", Change::State, {}, kInt);
  b.initial(x, {}, b.integer(3));
  b.action("square", {}, b.truth(true), {{x, {}, {}, b.multiply(b.apply(x), b.apply(x)), {}}});
  const TermId negative = b.less(b.apply(x), b.integer(0));
  const Outcome outcome = explore::search(system, {Never{negative}, {}}, {}, {});
  ASSERT_TRUE(std::holds_alternative<Stopped>(outcome));
  EXPECT_EQ(std::get<Stopped>(outcome).depth, 5u);  // 3^32 fits, 3^64 does not
}

TEST(Search, StartsWithWhatAssumptionsAndInitiallyAllow) {
  System system;
  Builder b(system);
  const SortId sort = b.sort("S");
  const FunctionId r = b.function("r", Change::Rigid, {of_sort(sort)}, kBool);
  const FunctionId s = b.function("s", Change::State, {of_sort(sort)}, kBool);
  const FunctionId copy = b.function("copy", Change::State, {of_sort(sort)}, kBool);
  const BinderId c = b.binder("c", of_sort(sort)), x = b.binder("x", of_sort(sort)), y = b.binder("y", of_sort(sort));
  b.initial(copy, {c}, b.apply(r, {b.bound(c)}));
  b.property("some", PropertyKind::Assumption, b.exists({x}, b.apply(r, {b.bound(x)})));
  system.initially = b.for_all({y}, b.implies(b.apply(s, {b.bound(y)}), b.apply(copy, {b.bound(y)})));
  ASSERT_EQ(objection(system), std::nullopt);
  const Outcome outcome = explore::search(system, {Never{b.truth(false)}, {}}, {{2}}, {});
  ASSERT_TRUE(std::holds_alternative<Exhausted>(outcome));
  EXPECT_EQ(std::get<Exhausted>(outcome).states, 8u);  // r = 01, 10: two each; r = 11: four
}

TEST(Cover, GivesEachActionARunThatEndsWithIt) {
  const Memory memory(Flush::Done);
  for (const Options& options : {Options{}, renaming()}) {
    const explore::Coverage coverage = explore::cover(memory.system, {{2, 1}}, options);
    EXPECT_EQ(coverage.gap, std::nullopt);
    for (const ActionId action : {memory.map, memory.transfer}) {
      const auto& witness = coverage.witnesses[action.index()];
      ASSERT_TRUE(witness);
      EXPECT_EQ(replay(memory.system, *witness).objection, std::nullopt);
      EXPECT_EQ(witness->steps.size(), 1u);
      EXPECT_EQ(witness->steps.back().action, action);
    }
  }
}

TEST(Cover, TellsAnActionThatNeverFires) {
  Memory memory(Flush::Done);
  Builder b(memory.system);
  const ActionId never = b.action("never", {}, b.negation(memory.system.at(memory.owned).formula), {});
  const explore::Coverage coverage = explore::cover(memory.system, {{2, 2}}, {});
  EXPECT_EQ(coverage.gap, std::nullopt);
  EXPECT_FALSE(coverage.witnesses[never.index()]);
}

TEST(Growth, GoesFromSmallScopesToLargeOnesAndKeepsToTheBounds) {
  const Memory memory(Flush::Done);
  const auto all = explore::scopes(memory.system, {}, 2);
  EXPECT_EQ(all, (std::vector<Scope>{{{1, 1}}, {{1, 2}}, {{2, 1}}, {{2, 2}}}));
  EXPECT_EQ(explore::scopes(memory.system, {{{memory.frame, 5}}, {}}, 2), (std::vector<Scope>{{{1, 5}}, {{2, 5}}}));
  System wide;
  Builder b(wide);
  for (int i = 0; i < 9; ++i) b.sort("S");
  EXPECT_EQ(explore::scopes(wide, {}, 3).size(), 3u);
}

TEST(Growth, StopsAtTheSmallestScopeWithAViolation) {
  const Memory stale(Flush::Forgotten);
  const explore::Grown grown = explore::search_growing(stale.system, {Always{stale.exclusive}, {}}, 3, {});
  EXPECT_EQ(grown.scopes.back(), (Scope{{2, 1}}));
  EXPECT_TRUE(std::holds_alternative<Found>(grown.outcomes.back()));
}

}  // namespace
}  // namespace bulkhead::test
