// Liveness as safety against the explicit search for lassos, on random systems; and ranks, which must never show what a
// lasso violates.
#include "checker/conditions/monitor.h"

#include <algorithm>

#include "checker/conditions/rounds.h"
#include "checker/conditions/terms.h"
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

/// What no run takes so many rounds for, no lasso violates. Where lassos violate, every number of rounds comes to pass.
TEST(Rounds, AreNeverOverWhereNoLassoViolates) {
  std::size_t shown = 0, violated = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const RandomSystem made(seed, {});
    const auto counted = conditions::rounds(made.system, std::get<system::LeadsTo>(made.leads_to.statement));
    ASSERT_TRUE(counted.ok()) << counted.error();
    ASSERT_EQ(system::objection(counted->system), std::nullopt) << "seed " << seed;
    explore::Options options;
    options.work = 1u << 20;
    const auto lasso = explore::search(made.system, made.leads_to, made.scope, options);
    if (std::holds_alternative<explore::Stopped>(lasso)) continue;
    finite::Limits limits;
    limits.questions = 5'000;
    const auto outcome = finite::reachability(counted->system, made.scope, {counted->past.back(), false}, limits);
    const bool found = std::holds_alternative<explore::Found>(lasso);
    if (std::holds_alternative<finite::Invariant>(outcome)) {
      ++shown;
      EXPECT_FALSE(found) << "seed " << seed << describe(made.system);
    }
    violated += found && std::holds_alternative<finite::Violated>(outcome) ? 1 : 0;
  }
  EXPECT_GT(shown, 20u);
  EXPECT_GT(violated, 20u);
}

/// The claim with a rank of two numbers that somebody wrote without much thought: how many of some formulas are true.
system::LeadsTo with_rank(system::System& system, const system::Theorem& theorem, std::uint64_t seed) {
  auto claim = std::get<system::LeadsTo>(theorem.statement);
  system::Builder builder(system);
  std::vector<system::TermId> formulas;
  const std::size_t terms = system.terms.size();
  for (std::size_t i = 0; i < terms; ++i) {
    const system::TermId id{i};
    const auto free = conditions::free_binders(system, id);
    const bool of_claim = std::all_of(free.begin(), free.end(), [&](system::BinderId one) {
      return std::find(claim.each.begin(), claim.each.end(), one) != claim.each.end();
    });
    if (system.at(id).type == system::kBool && of_claim) formulas.push_back(id);
  }
  for (std::size_t measure = 0; measure < 2 && !formulas.empty(); ++measure) {
    system::TermId sum = builder.integer(0);
    for (std::size_t i = 0; i < 3; ++i) {
      const system::TermId one = formulas[(seed * 31 + measure * 17 + i * 7) % formulas.size()];
      sum = builder.add(sum, builder.choose(one, builder.integer(1), builder.integer(0)));
    }
    claim.rank.push_back(sum);
  }
  return claim;
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
    claim.form = ir::TheoremClaim{ir::SystemId{0}, {with_rank(world.systems[0], made.leads_to, seed), {}}};
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
