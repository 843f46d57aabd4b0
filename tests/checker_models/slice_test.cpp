// The cone of influence against the whole system, by explicit search on random systems.
#include "checker/engine/slice.h"

#include "checker/conditions/conditions.h"
#include "checker/explore/explore.h"
#include "lang/system/replay.h"
#include "lang/system/valid.h"
#include "tests/checker_models/models.h"
#include "tests/support/random_system.h"

namespace bulkhead::test {
namespace {

TEST(Slice, ReachesWhatTheWholeSystemReachesAndItsRunsAreRunsOfIt) {
  std::size_t smaller = 0, found = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const RandomSystem made(seed, {seed % 4 == 3, false});
    const system::TermId bad = std::get<system::Never>(made.never.statement).formula;
    const engine::Slice small = engine::slice(made.system, bad, {});
    ASSERT_EQ(system::objection(small.system), std::nullopt) << describe(made.system);
    for (const bool kept : small.kept) smaller += kept ? 0 : 1;
    explore::Options options;
    options.work = 1u << 20;
    const auto whole = explore::search(made.system, made.never, made.scope, options);
    const auto part = explore::search(small.system, {system::Never{bad}, {}}, made.scope, options);
    if (std::holds_alternative<explore::Stopped>(whole) || std::holds_alternative<explore::Stopped>(part)) continue;
    const auto* run = std::get_if<explore::Found>(&part);
    const auto lifted = run == nullptr ? std::nullopt : engine::unsliced(made.system, small, run->run);
    if (std::holds_alternative<explore::Exhausted>(part)) {
      EXPECT_TRUE(std::holds_alternative<explore::Exhausted>(whole)) << "seed " << seed << describe(made.system);
    }
    if (!lifted) continue;
    ++found;
    EXPECT_EQ(system::replay_violation(made.system, made.never, *lifted), std::nullopt)
        << "seed " << seed << describe(made.system);
  }
  EXPECT_GT(smaller, 100u);
  EXPECT_GT(found, 50u);
}

TEST(Slice, LeavesOutWhatTheClaimDoesNotDependOn) {
  const Claims claims(R"bh(
model Two {
    sort A;  sort B;
    var left: A -> bool = false;
    var right: B -> bool = false;
    var count: int = 0;
    action one(a: A) do left(a) := true, count := count + 1;
    action two(b: B) do right(b) := true;
    invariant safe: forall a: A. !left(a);
}
refute Two.safe;)bh");
  const auto& system = claims.system();
  const engine::Slice small = engine::slice(system, system.properties[0].formula, {});
  EXPECT_EQ(small.kept, (std::vector<bool>{true, false, false}));
  ASSERT_EQ(small.bounds.sizes.size(), 1u);
  EXPECT_EQ(small.bounds.sizes[0].first.index(), 1u);
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << told(verdict);
  expect_accepted(claims, verdict);
}

/// One bit for each function: `left(0)`, `right(0)`; the slice for `left` makes `right` a constant.
TEST(Slice, ACubeAboutAConstantOfTheSliceSaysNothingOfTheWholeSystem) {
  const Claims claims(R"bh(
model Two {
    sort A;
    var left: A -> bool = false;
    var right: A -> bool;
    action one(a: A) when left(a) do left(a) := true;
    invariant safe: forall a: A. !left(a);
}
prove Two.safe;)bh");
  const auto& system = claims.system();
  const engine::Slice small = engine::slice(system, system.properties[0].formula, {});
  ASSERT_EQ(small.kept, (std::vector<bool>{true, false}));
  const finite::BitValue left{0, 0, true}, on{1, 0, true}, off{1, 0, false};
  const std::vector<finite::Cube> cubes{{left}, {on}, {left, on}, {left, off}};
  const auto whole = engine::unsliced(system, small, {{1}}, cubes);
  EXPECT_EQ(whole, (std::vector<finite::Cube>{{left}, {left}}));
}

/// The closure of the slice excludes what is constant there alone: evidence about the whole has to come out all the
/// same.
TEST(Slice, EvidenceAboutTheWholeSystemIsMadeFromTheClosureOfItsSlice) {
  const Claims claims(R"bh(
model Walk {
    sort A;
    enum Place { Here, There, Gone }
    var at: A -> Place = Here;
    var marked: A -> bool;
    var never: A -> bool = false;
    action go(a: A) when at(a) == Here do at(a) := There;
    action leave(a: A) when at(a) == Here && never(a) do at(a) := Gone;
    action mark(a: A) do marked(a) := !marked(a);
    invariant stays: forall a: A. at(a) == Here || at(a) == There;
}
prove Walk.stays for 2 A;)bh");
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "scope: closure");
  expect_accepted(claims, verdict);
}

}  // namespace
}  // namespace bulkhead::test
