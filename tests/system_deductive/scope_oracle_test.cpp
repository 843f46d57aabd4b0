// Claims of every kind about one scope against explicit-state search, on systems that nobody chose: with words, with
// integers, with views; each verdict is certified.
#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "checker/certificate/check.h"
#include "checker/engine/engine.h"
#include "checker/explore/explore.h"
#include "tests/support/random_system.h"
#include "tests/system_deductive/models.h"

namespace bulkhead {
namespace {

struct Tally {
  int holds = 0, violated = 0, vacuous = 0, unknown = 0;
};

/// The claim with the sizes of the scope.
system::Theorem bounded(system::Theorem theorem, const system::Scope& scope) {
  for (std::size_t i = 0; i < scope.sizes.size(); ++i)
    theorem.bounds.sizes.emplace_back(system::SortId{i}, scope.sizes[i]);
  return theorem;
}

void count(const verdict::Verdict& verdict, const explore::Outcome& outcome, Tally& tally, const std::string& where) {
  if (std::holds_alternative<verdict::Unknown>(verdict)) {
    ++tally.unknown;
    return;
  }
  const bool violated = std::holds_alternative<verdict::Violated>(verdict);
  if (std::holds_alternative<verdict::Vacuous>(verdict))
    ++tally.vacuous;
  else
    ++(violated ? tally.violated : tally.holds);
  if (std::holds_alternative<explore::Stopped>(outcome)) return;
  EXPECT_EQ(violated, std::holds_alternative<explore::Found>(outcome)) << verdict::word(verdict) << " " << where;
}

TEST(ScopeOracle, WhatIsDecidedInAScopeIsWhatEveryStateOfItSays) {
  std::map<std::string, Tally> tallies;
  explore::Options options;
  options.work = 1u << 20;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const test::RandomSystem made(seed, {seed % 4 == 1, seed % 4 >= 2, seed % 4 >= 2});
    ir::World world = tests::world_of(made.system);
    const std::map<std::string, system::Theorem> theorems{{"always", bounded(made.always, made.scope)},
                                                          {"never", bounded(made.never, made.scope)},
                                                          {"leads", bounded(made.leads_to, made.scope)},
                                                          {"leaks", bounded(made.leaks_nothing, made.scope)}};
    for (const auto& [name, theorem] : theorems) {
      tests::add_claim(world, name, theorem.statement);
      std::get<ir::TheoremClaim>(world.claims.back().form).theorem = theorem;
    }
    std::vector<verdict::Verdict> verdicts;
    for (std::size_t i = 0; i < world.claims.size(); ++i) {
      engine::Budget budget;  // products of words that come round can be hard; those are unknown
      budget.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
      engine::Session session(world, budget);
      verdicts.push_back(engine::solve(obligation::obligation(world, ir::ClaimId{i}, {}).value(), session));
    }
    std::vector<certificate::Item> items;
    for (std::size_t i = 0; i < world.claims.size(); ++i) {
      const auto& [name, theorem] = *theorems.find(world.claims[i].name);
      const std::string where = name + ", seed " + std::to_string(seed) + "\n" + test::describe(made.system);
      count(verdicts[i], explore::search(made.system, theorem, made.scope, options), tallies[name], where);
      if (!std::holds_alternative<verdict::Unknown>(verdicts[i])) items.push_back({ir::ClaimId{i}, {}, &verdicts[i]});
    }
    for (const auto& checked : certificate::check(world, items, {})) {
      EXPECT_EQ(checked.outcome, certificate::Outcome::Accepted) << "seed " << seed << ": " << checked.reason << "\n"
                                                                 << test::describe(made.system);
    }
    if (HasFailure()) return;
  }
  for (const auto& [name, tally] : tallies) {
    SCOPED_TRACE(name + ": " + std::to_string(tally.holds) + " hold, " + std::to_string(tally.violated) +
                 " are violated, " + std::to_string(tally.vacuous) + " vacuous, " + std::to_string(tally.unknown) +
                 " unknown");
    EXPECT_GT(tally.holds, 60);
    EXPECT_GT(tally.violated, 15);
    EXPECT_LT(tally.unknown, 100);
    EXPECT_TRUE(name == "leaks" || tally.vacuous > 0);
  }
}

}  // namespace
}  // namespace bulkhead
