#include "checker/finite/finite.h"

#include <gtest/gtest.h>

#include "lang/system/replay.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;
using finite::Claim;
using finite::Invariant;
using finite::Limits;
using finite::Open;
using finite::Outcome;
using finite::Violated;

Claim always(const Memory& memory, PropertyId property) {
  return {memory.system.at(property).formula, true};
}

TEST(Bounded, FindsAShortestRun) {
  const Memory stale(Flush::Forgotten);
  const Outcome outcome = finite::bounded(stale.system, {{2, 2}}, always(stale, stale.exclusive), {});
  ASSERT_TRUE(std::holds_alternative<Violated>(outcome));
  const auto& run = std::get<Violated>(outcome).run;
  EXPECT_EQ(run.steps.size(), 3u);
  EXPECT_EQ(replay_violation(stale.system, {Always{stale.exclusive}, {}}, run), std::nullopt);
}

TEST(Bounded, SaysHowDeepItLooked) {
  const Memory memory(Flush::Done);
  Limits limits;
  limits.depth = 5;
  const Outcome outcome = finite::bounded(memory.system, {{2, 2}}, always(memory, memory.exclusive), limits);
  ASSERT_TRUE(std::holds_alternative<Open>(outcome));
  EXPECT_EQ(std::get<Open>(outcome).depth, 5u);
}

TEST(Bounded, CountsWordsRound) {
  const Counter byte(Wrap::At256);
  Limits limits;
  limits.depth = 100;
  const Outcome outcome = finite::bounded(byte.system, {}, {byte.is_zero, false}, limits);
  ASSERT_TRUE(std::holds_alternative<Violated>(outcome));
  EXPECT_EQ(std::get<Violated>(outcome).run.steps.size(), 85u);
}

TEST(KInduction, ProvesWhatIsInductive) {
  const Memory memory(Flush::Done);
  const Outcome owned = finite::k_induction(memory.system, {{3, 3}}, always(memory, memory.owned), {});
  ASSERT_TRUE(std::holds_alternative<Invariant>(owned));
  EXPECT_EQ(std::get<Invariant>(owned).k, 1u);
}

TEST(KInduction, LeavesOpenWhatNoDepthOfItsOwnProves) {
  const Memory memory(Flush::Done);  // mapped by a container that never was the owner: no run, but any number of steps
  Limits limits;
  limits.depth = 4;
  const Outcome exclusive = finite::k_induction(memory.system, {{3, 3}}, always(memory, memory.exclusive), limits);
  EXPECT_TRUE(std::holds_alternative<Open>(exclusive));
}

TEST(Reachability, ProvesWhatNeedsStrengthening) {
  const Memory memory(Flush::Done);
  const Outcome outcome = finite::reachability(memory.system, {{3, 3}}, always(memory, memory.exclusive), {});
  ASSERT_TRUE(std::holds_alternative<Invariant>(outcome));
  EXPECT_FALSE(std::get<Invariant>(outcome).excluded.empty());
}

TEST(Reachability, FindsRunsThatReplay) {
  const Memory stale(Flush::Forgotten);
  const Outcome outcome = finite::reachability(stale.system, {{3, 3}}, always(stale, stale.exclusive), {});
  ASSERT_TRUE(std::holds_alternative<Violated>(outcome));
  EXPECT_EQ(replay_violation(stale.system, {Always{stale.exclusive}, {}}, std::get<Violated>(outcome).run),
            std::nullopt);
}

TEST(Reachability, StopsAtItsNumberOfQuestions) {
  const Memory memory(Flush::Done);
  Limits limits;
  limits.questions = 3;
  const Outcome outcome = finite::reachability(memory.system, {{3, 3}}, always(memory, memory.exclusive), limits);
  EXPECT_TRUE(std::holds_alternative<Open>(outcome));
}

TEST(Finite, RefusesIntegers) {
  const Counter exact(Wrap::Never);
  for (const auto engine : {finite::bounded, finite::k_induction, finite::reachability}) {
    const Outcome outcome = engine(exact.system, {}, {exact.is_zero, false}, {});
    ASSERT_TRUE(std::holds_alternative<Open>(outcome));
    EXPECT_EQ(std::get<Open>(outcome).why, "integers have no bits");
  }
}

}  // namespace
}  // namespace bulkhead::test
