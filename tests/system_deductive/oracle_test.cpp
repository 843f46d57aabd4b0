// The deductive engine against explicit-state search, on systems that nobody chose.
#include <gtest/gtest.h>

#include "checker/certificate/check.h"
#include "checker/engine/engine.h"
#include "checker/explore/explore.h"
#include "tests/support/random_system.h"
#include "tests/system_deductive/models.h"

namespace bulkhead {
namespace {

TEST(DeductiveOracle, WhatHoldsForAnySizeIsNotViolatedInASmallScopeAndWhatIsViolatedReplays) {
  std::size_t holds = 0;
  std::size_t violated = 0;
  explore::Options options;
  options.work = 1u << 22;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const test::RandomSystem made(seed, {seed % 4 == 3, seed % 4 == 1, seed % 4 == 1});
    for (const system::Theorem& theorem : {made.always, made.never}) {
      ir::World world = tests::world_of(made.system);
      tests::add_claim(world, "claim", theorem.statement);
      const auto obligation = obligation::obligation(world, ir::ClaimId{0}, {});
      ASSERT_TRUE(obligation.ok()) << obligation.error().reason;
      engine::Session session(world);
      const verdict::Verdict verdict = engine::solve(*obligation, session);
      const auto outcome = explore::search(made.system, theorem, made.scope, options);
      if (std::holds_alternative<verdict::Unknown>(verdict)) continue;
      const auto checked = certificate::check(world, {{ir::ClaimId{0}, {}, &verdict}}, {}).front();
      EXPECT_EQ(checked.outcome, certificate::Outcome::Accepted)
          << "seed " << seed << ": " << verdict::word(verdict) << ": " << checked.reason << "\n"
          << test::describe(made.system);
      if (std::holds_alternative<verdict::Violated>(verdict)) {
        ++violated;
        continue;
      }
      ++holds;
      EXPECT_FALSE(std::holds_alternative<explore::Found>(outcome)) << "seed " << seed << "\n"
                                                                    << test::describe(made.system);
    }
  }
  EXPECT_GT(holds, 25u);
  EXPECT_GT(violated, 100u);
}

}  // namespace
}  // namespace bulkhead
