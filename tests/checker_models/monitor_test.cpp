// Liveness as safety against the explicit search for lassos, on random systems; and ranks, which must never show what a
// lasso violates.
#include "checker/conditions/monitor.h"

#include "checker/engine/lasso.h"
#include "checker/explore/explore.h"
#include "checker/finite/finite.h"
#include "lang/system/replay.h"
#include "lang/system/valid.h"
#include "tests/checker_models/models.h"
#include "tests/support/random_system.h"

namespace bulkhead::test {
namespace {

TEST(Monitor, LoopsWhereALassoViolatesAndNowhereElse) {
  std::size_t violated = 0, holds = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const RandomSystem made(seed, {});
    const auto& claim = std::get<system::LeadsTo>(made.leads_to.statement);
    explore::Options options;
    options.work = 1u << 21;
    const auto lasso = explore::search(made.system, made.leads_to, made.scope, options);
    if (std::holds_alternative<explore::Stopped>(lasso)) continue;
    const auto monitored = conditions::monitor(made.system, claim);
    ASSERT_TRUE(monitored.ok()) << monitored.error();
    ASSERT_EQ(system::objection(monitored->system), std::nullopt) << "seed " << seed;
    finite::Limits limits;
    limits.questions = 20'000;
    const auto outcome = finite::reachability(monitored->system, made.scope, {monitored->looped, false}, limits);
    if (std::holds_alternative<finite::Open>(outcome)) continue;
    const auto* run = std::get_if<finite::Violated>(&outcome);
    EXPECT_EQ(run != nullptr, std::holds_alternative<explore::Found>(lasso))
        << "seed " << seed << describe(made.system);
    if (run == nullptr) {
      ++holds;
      continue;
    }
    ++violated;
    const auto lifted = engine::lasso_of(made.system, run->run);
    EXPECT_EQ(system::replay_violation(made.system, made.leads_to, lifted), std::nullopt)
        << "seed " << seed << describe(made.system);
  }
  EXPECT_GT(violated, 30u);
  EXPECT_GT(holds, 30u);
}

TEST(Monitor, NoEngineShowsWhatALassoViolates) {
  std::size_t holds = 0, violated = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const RandomSystem made(seed, {});
    ir::World world;
    world.module = "test";
    world.systems.push_back(made.system);
    ir::Claim claim;
    claim.name = claim.text = "claim";
    claim.form = ir::TheoremClaim{ir::SystemId{0}, {made.leads_to.statement, {}}};
    world.sentences.push_back({{}, "claim", false, false});
    claim.sentence = ir::SentenceId{0};
    world.claims.push_back(std::move(claim));
    const auto obligation = obligation::obligation(world, ir::ClaimId{0}, {});
    ASSERT_TRUE(obligation.ok());
    for (const auto& engine : engine::make_engines()) {
      if (!engine->decides(obligation->goal) || engine->name() == "lasso" || engine->name() == "loop") continue;
      engine::Session session(world);
      const auto verdict = engine->solve(*obligation, session, {});
      if (std::holds_alternative<verdict::Unknown>(verdict)) continue;
      const auto checked = certificate::check(world, {{ir::ClaimId{0}, {}, &verdict}}, {}).front();
      EXPECT_EQ(checked.outcome, certificate::Outcome::Accepted) << "seed " << seed << ": " << checked.reason;
      if (!std::holds_alternative<verdict::Holds>(verdict)) continue;
      ++holds;
      explore::Options options;
      options.work = 1u << 20;
      const auto lasso = explore::search(made.system, made.leads_to, made.scope, options);
      violated += std::holds_alternative<explore::Found>(lasso) ? 1 : 0;
      EXPECT_FALSE(std::holds_alternative<explore::Found>(lasso)) << "seed " << seed << describe(made.system);
    }
  }
  EXPECT_EQ(violated, 0u);
  EXPECT_GT(holds, 0u);
}

}  // namespace
}  // namespace bulkhead::test
