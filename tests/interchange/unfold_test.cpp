// Systems of one scope as machines, beside explicit search: the same verdicts, and runs that replay in both semantics.
#include "checker/machine/unfold.h"

#include <gtest/gtest.h>

#include "checker/explore/explore.h"
#include "checker/finite/finite.h"
#include "lang/system/replay.h"
#include "tests/interchange/searched.h"
#include "tests/support/random_system.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

explore::Options small() {
  explore::Options options;
  options.work = 1u << 20;
  return options;
}

TEST(Unfold, SearchesOverItsBitsAgreeWithExplicitSearch) {
  std::size_t violated = 0, safe = 0, shown = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const RandomSystem made(seed, {seed % 4 == 3, false});
    const auto expected = explore::search(made.system, made.always, made.scope, small());
    if (std::holds_alternative<explore::Stopped>(expected)) continue;
    const bool found = std::holds_alternative<explore::Found>(expected);
    const finite::Claim claim = finite::claim_of(made.system, made.always);
    const auto unfolded = machine::unfold(made.system, made.scope, claim.formula, claim.always);
    ASSERT_TRUE(unfolded.ok()) << seed << " " << unfolded.error();
    const auto bits = machine::to_bits(unfolded->machine);
    ASSERT_TRUE(bits.ok()) << seed;
    const auto outcome = finite::ic3(bits->net, {});
    ASSERT_EQ(is_violated(unfolded->machine, outcome, *bits), found) << seed << "\n" << describe(made.system);
    ++(found ? violated : safe);
    const auto unrolled = finite::unroll(bits->net, {.depth = 8});
    if (const auto* run = std::get_if<finite::NetRun>(&unrolled)) {
      ASSERT_TRUE(found) << seed;
      const machine::Run lifted = machine::lift(*bits, *run);
      ASSERT_EQ(machine::objection(unfolded->machine, lifted), std::nullopt) << seed;
      const system::Run own = machine::lift(*unfolded, made.scope, lifted);
      EXPECT_EQ(system::replay_violation(made.system, made.always, own), std::nullopt) << seed;
    }
    const auto inductive = finite::k_inductive(bits->net, {.depth = 6});
    ASSERT_FALSE(std::holds_alternative<finite::NetRun>(inductive));
    if (std::holds_alternative<finite::NetInvariant>(inductive)) {
      ASSERT_FALSE(found) << seed;
      ++shown;
    }
  }
  EXPECT_GT(violated, 40u);
  EXPECT_GT(safe, 40u);
  EXPECT_GT(shown, 20u);
}

TEST(Unfold, ARunThatIsChangedIsRefused) {
  const Memory memory(Flush::Forgotten);
  const system::Scope scope{{2, 1}};
  const auto unfolded = machine::unfold(memory.system, scope, memory.system.at(memory.exclusive).formula, true);
  ASSERT_TRUE(unfolded.ok());
  const auto bits = machine::to_bits(unfolded->machine);
  const auto found = finite::unroll(bits->net, {});
  const auto* net_run = std::get_if<finite::NetRun>(&found);
  ASSERT_NE(net_run, nullptr);
  const machine::Run run = machine::lift(*bits, *net_run);
  ASSERT_EQ(machine::objection(unfolded->machine, run), std::nullopt);
  EXPECT_EQ(machine::violated(unfolded->machine, run), 0u);
  EXPECT_EQ(system::replay_violation(memory.system, {system::Always{memory.exclusive}, {}},
                                     machine::lift(*unfolded, scope, run)),
            std::nullopt);
  machine::Run shorter = run, other = run, narrow = run, wide = run, jump = run;
  shorter.moments.pop_back();
  EXPECT_EQ(machine::objection(unfolded->machine, shorter), "the last moment is not bad");
  other.moments[0].state.back().low ^= 1u;
  EXPECT_NE(machine::objection(unfolded->machine, other), std::nullopt);
  narrow.moments[0].state.pop_back();
  EXPECT_EQ(machine::objection(unfolded->machine, narrow), "moment 0 has no value for each variable");
  wide.moments[0].inputs[0].low = 99;
  EXPECT_EQ(machine::objection(unfolded->machine, wide), "moment 0 has no value for each variable");
  jump.moments.erase(jump.moments.begin() + 1);
  EXPECT_EQ(machine::objection(unfolded->machine, jump), "step 0 does not lead to the next state");
  EXPECT_NE(machine::objection(unfolded->machine, {}), std::nullopt);
}

}  // namespace
}  // namespace bulkhead::test
