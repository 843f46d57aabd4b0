#include "lang/system/step.h"

#include <gtest/gtest.h>

#include <limits>

#include "lang/system/valid.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

const State kEmpty;

/// A closed term over no functions.
std::optional<Value> closed(const System& system, TermId term) {
  return value(system, {}, kEmpty, term, {});
}

TEST(Value, WordsWrapAndIntegersGoBeyond) {
  System system;
  Builder b(system);
  EXPECT_EQ(closed(system, b.add(b.word(8, 250), b.word(8, 10))), 4);
  EXPECT_EQ(closed(system, b.subtract(b.word(16, 1), b.word(16, 2))), 0xffff);
  EXPECT_EQ(closed(system, b.multiply(b.word(64, ~0ull), b.word(64, 2))), -2);
  const Value most = std::numeric_limits<Value>::max();
  EXPECT_EQ(closed(system, b.add(b.integer(most), b.integer(1))), std::nullopt);
  EXPECT_EQ(closed(system, b.multiply(b.integer(most), b.integer(-1))), -most);
  EXPECT_EQ(closed(system, b.subtract(b.integer(-2), b.integer(most))), std::nullopt);
  EXPECT_TRUE(is_valid(system));
}

TEST(Value, WordsCompareWithoutSignAndIntegersWithOne) {
  System system;
  Builder b(system);
  EXPECT_EQ(closed(system, b.less(b.word(64, 1), b.word(64, ~0ull))), 1);
  EXPECT_EQ(closed(system, b.less(b.integer(1), b.integer(-1))), 0);
  EXPECT_EQ(closed(system, b.less_equal(b.word(64, ~0ull), b.word(64, ~0ull))), 1);
}

TEST(Value, NothingIsConjoinedToTrueAndDisjoinedToFalse) {
  System system;
  Builder b(system);
  EXPECT_EQ(closed(system, b.conjunction({})), 1);
  EXPECT_EQ(closed(system, b.disjunction({})), 0);
  EXPECT_EQ(closed(system, b.implies(b.truth(false), b.truth(false))), 1);
  EXPECT_EQ(closed(system, b.implies(b.truth(true), b.truth(false))), 0);
}

TEST(Value, QuantifiersRangeOverEveryElementAndOverNoMore) {
  System system;
  Builder b(system);
  const SortId sort = b.sort("S");
  const BinderId x = b.binder("x", of_sort(sort)), y = b.binder("y", of_sort(sort));
  const TermId differ = b.exists({x, y}, b.negation(b.equal(b.bound(x), b.bound(y))));
  EXPECT_EQ(value(system, {{1}}, kEmpty, differ, {}), 0);
  EXPECT_EQ(value(system, {{2}}, kEmpty, differ, {}), 1);
}

TEST(Value, QuantifiersOverIntegersAreBeyond) {
  System system;
  Builder b(system);
  const BinderId x = b.binder("x", kInt);
  EXPECT_EQ(closed(system, b.for_all({x}, b.equal(b.bound(x), b.bound(x)))), std::nullopt);
}

TEST(Value, TermsThatShareTooMuchAreBeyondInsteadOfEndless) {
  System system;
  Builder b(system);
  TermId doubled = b.word(8, 1);
  for (int i = 0; i < 200; ++i) doubled = b.add(doubled, doubled);
  EXPECT_TRUE(is_valid(system));
  EXPECT_EQ(closed(system, doubled), std::nullopt);
}

TEST(Initial, StatesAreAsDeclaredAndAnythingElsewhere) {
  const Memory memory(Flush::Done);
  const Scope scope{{2, 1}};
  EXPECT_EQ(is_initial(memory.system, scope, {{{0}, {0, 0}}}), Answer::Yes);
  EXPECT_EQ(is_initial(memory.system, scope, {{{1}, {0, 0}}}), Answer::Yes);
  EXPECT_EQ(is_initial(memory.system, scope, {{{1}, {0, 1}}}), Answer::No);
}

TEST(Initial, AssumptionsAndInitiallyHold) {
  System system;
  Builder b(system);
  const FunctionId rigid = b.function("r", Change::Rigid, {}, kBool);
  const FunctionId state = b.function("s", Change::State, {}, kBool);
  b.property("a", PropertyKind::Assumption, b.apply(rigid));
  b.property("i", PropertyKind::Invariant, b.truth(false));  // what is claimed is not assumed
  system.initially = b.equal(b.apply(state), b.apply(rigid));
  ASSERT_TRUE(is_valid(system));
  EXPECT_EQ(is_initial(system, {}, {{{1}, {1}}}), Answer::Yes);
  EXPECT_EQ(is_initial(system, {}, {{{1}, {0}}}), Answer::No);
  EXPECT_EQ(is_initial(system, {}, {{{0}, {0}}}), Answer::No);
}

TEST(Step, UpdatesHappenAtOnceAndTheRestStays) {
  const Memory memory(Flush::Done);
  const Scope scope{{2, 2}};
  const State before{{{0, 1}, {1, 0, 0, 1}}};  // frame 0 is 0's and mapped, frame 1 is 1's and mapped
  const Stepped after = step(memory.system, scope, before, {memory.transfer, {0, 1, 0}});
  ASSERT_EQ(after.fires, Answer::Yes);
  EXPECT_EQ(after.state, (State{{{1, 1}, {0, 0, 0, 1}}}));
}

TEST(Step, DoesNotFireWhereTheGuardFails) {
  const Memory memory(Flush::Done);
  const State before{{{0}, {0, 0}}};
  EXPECT_EQ(step(memory.system, {{2, 1}}, before, {memory.map, {1, 0}}).fires, Answer::No);
}

TEST(Step, ReadsTheOldStateEverywhere) {
  System system;
  Builder b(system);
  const FunctionId p = b.function("p", Change::State, {}, kInt), q = b.function("q", Change::State, {}, kInt);
  const ActionId swap = b.action("swap", {}, b.truth(true), {{p, {}, {}, b.apply(q), {}}, {q, {}, {}, b.apply(p), {}}});
  EXPECT_EQ(step(system, {}, {{{3}, {4}}}, {swap, {}}).state, (State{{{4}, {3}}}));
}

TEST(Step, WhereTwoUpdatesMeetTheLaterOneCounts) {
  System system;
  Builder b(system);
  const FunctionId p = b.function("p", Change::State, {}, kInt);
  const ActionId twice =
      b.action("twice", {}, b.truth(true), {{p, {}, {}, b.integer(1), {}}, {p, {}, {}, b.integer(2), {}}});
  EXPECT_EQ(step(system, {}, {{{0}}}, {twice, {}}).state, (State{{{2}}}));
}

TEST(Step, AnIntegerThatDoesNotFitIsBeyondAndNotDisabled) {
  const Counter counter(Wrap::Never);
  const State full{{{std::numeric_limits<Value>::max()}}};
  EXPECT_EQ(step(counter.system, {}, full, {counter.raise, {}}).fires, Answer::Beyond);
}

TEST(Fits, RefusesArgumentsThatAreNoValues) {
  const Memory memory(Flush::Done);
  const Scope scope{{2, 1}};
  EXPECT_TRUE(fits(memory.system, scope, {memory.map, {1, 0}}));
  EXPECT_FALSE(fits(memory.system, scope, {memory.map, {2, 0}}));
  EXPECT_FALSE(fits(memory.system, scope, {memory.map, {-1, 0}}));
  EXPECT_FALSE(fits(memory.system, scope, {memory.map, {0}}));
  EXPECT_FALSE(fits(memory.system, scope, {ActionId(7), {0, 0}}));
  EXPECT_FALSE(fits(memory.system, scope, {ActionId(), {}}));
}

TEST(States, OfTheWrongShapeAreNone) {
  const Memory memory(Flush::Done);
  const Scope scope{{2, 1}};
  EXPECT_TRUE(is_state(memory.system, scope, {{{0}, {0, 1}}}));
  EXPECT_FALSE(is_state(memory.system, scope, {{{0}}}));
  EXPECT_FALSE(is_state(memory.system, scope, {{{0}, {0}}}));
  EXPECT_FALSE(is_state(memory.system, scope, {{{2}, {0, 1}}}));
  EXPECT_FALSE(is_state(memory.system, scope, {{{0}, {0, 2}}}));
}

TEST(Scopes, WithoutElementsOrWithTooManyAreNone) {
  const Memory memory(Flush::Done);
  EXPECT_TRUE(is_scope(memory.system, {{3, 3}}));
  EXPECT_FALSE(is_scope(memory.system, {{3}}));
  EXPECT_FALSE(is_scope(memory.system, {{3, 0}}));
  EXPECT_FALSE(is_scope(memory.system, {{4294967295u, 4294967295u}}));
  EXPECT_FALSE(is_scope(memory.system, {{4096, 4096}})) << "too many entries";
  System bare;
  Builder b(bare);
  b.sort("S");
  EXPECT_TRUE(is_scope(bare, {{4096}}));
  EXPECT_FALSE(is_scope(bare, {{4097}}));
}

}  // namespace
}  // namespace bulkhead::test
