// Non-interference: unwinding conditions, their certificates, and pairs of runs.
#include <gtest/gtest.h>

#include "checker/certificate/check.h"
#include "checker/conditions/unwinding.h"
#include "checker/engine/engine.h"
#include "checker/explore/explore.h"
#include "tests/support/random_system.h"
#include "tests/support/system_samples.h"
#include "tests/system_deductive/models.h"

namespace bulkhead {
namespace {

using certificate::Outcome;

ir::World world_with(const system::System& system, system::Statement statement) {
  ir::World world = tests::world_of(system);
  tests::add_claim(world, "claim", std::move(statement));
  return world;
}

verdict::Verdict decide(const ir::World& world) {
  const auto made = obligation::obligation(world, ir::ClaimId{0}, {});
  if (!made) return verdict::Unknown{made.error().reason};
  engine::Session session(world);
  return engine::solve(*made, session);
}

certificate::Checked check(const ir::World& world, const verdict::Verdict& verdict) {
  return certificate::check(world, {{ir::ClaimId{0}, {}, &verdict}}, {}).front();
}

std::string reason(const verdict::Verdict& verdict) {
  const auto* unknown = std::get_if<verdict::Unknown>(&verdict);
  return unknown == nullptr ? std::string(verdict::word(verdict)) : unknown->reason;
}

enum class Copy : bool { Anybody, Trusted };

/// Users have a flag of their own; `set` raises one's own, `tell` copies it to another user: to anybody, or only to
/// those who trust the teller. Each user sees its own flag.
struct Flags {
  explicit Flags(Copy copy) {
    using namespace system;
    Builder b(made);
    made.name = "Flags";
    const Type user = of_sort(b.sort("User"));
    const FunctionId flag = b.function("flag", Change::State, {user}, kBool);
    const FunctionId trusts = b.function("trusts", Change::Rigid, {user, user}, kBool);
    b.initial(flag, {b.binder("u", user)}, b.truth(false));
    const BinderId own = b.binder("u", user);
    b.action("set", {own}, b.truth(true), {{flag, {}, {b.bound(own)}, b.truth(true), {}}});
    const BinderId from = b.binder("u", user);
    const BinderId to = b.binder("v", user);
    const TermId guard = copy == Copy::Trusted ? b.apply(trusts, {b.bound(to), b.bound(from)}) : b.truth(true);
    b.action("tell", {from, to}, guard, {{flag, {}, {b.bound(to)}, b.apply(flag, {b.bound(from)}), {}}});
    View view;
    view.observer = b.binder("o", user);
    view.items.push_back({{}, b.truth(true), b.apply(flag, {b.bound(view.observer)}), "flag(o)"});
    made.views.push_back(view);
    claim = {ViewId(0), b.binder("o", user), b.binder("d", user), {}};
    claim.except = b.apply(trusts, {b.bound(claim.observer), b.bound(claim.source)});
  }
  system::System made;
  system::LeaksNothing claim;
};

TEST(Leak, WhatOnlyTheTrustedTellLeaksNothingElseForAnyNumberOfUsers) {
  const Flags flags(Copy::Trusted);
  const ir::World world = world_with(flags.made, flags.claim);
  const auto verdict = decide(world);
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << reason(verdict);
  const auto checked = check(world, verdict);
  EXPECT_EQ(checked.outcome, Outcome::Accepted) << checked.reason;
}

TEST(Leak, WhatAnybodyTellsLeaksByTwoReplayedRuns) {
  const Flags flags(Copy::Anybody);
  const ir::World world = world_with(flags.made, flags.claim);
  auto verdict = decide(world);
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << reason(verdict);
  const auto checked = check(world, verdict);
  EXPECT_EQ(checked.outcome, Outcome::Accepted) << checked.reason;
  std::get<verdict::Violated>(verdict).trace.runs.pop_back();
  EXPECT_EQ(check(world, verdict).outcome, Outcome::Rejected);
}

TEST(Leak, EvidenceDoesNotShowItOfAnotherSystem) {
  const Flags trusted(Copy::Trusted);
  const auto verdict = decide(world_with(trusted.made, trusted.claim));
  const Flags anybody(Copy::Anybody);
  EXPECT_EQ(check(world_with(anybody.made, anybody.claim), verdict).outcome, Outcome::Rejected);
}

TEST(Leak, AHiddenHolderLeaksOnlyWhereThereAreThreeUsers) {
  const test::Cells cells(test::Wipe::Done);
  const ir::World world = world_with(cells.system, cells.leaks_nothing);
  const auto verdict = decide(world);
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << reason(verdict);
  EXPECT_EQ(std::get<verdict::Violated>(verdict).trace.runs.at(0).scope.sizes.at(0), 3u);
  EXPECT_EQ(check(world, verdict).outcome, Outcome::Accepted);
}

TEST(Leak, VerdictsOnRandomSystemsAreConfirmed) {
  std::size_t holds = 0;
  std::size_t violated = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const test::RandomSystem made(seed, {seed % 4 == 3, seed % 4 == 1, seed % 4 == 1});
    const ir::World world = world_with(made.system, made.leaks_nothing.statement);
    const auto verdict = decide(world);
    if (std::holds_alternative<verdict::Unknown>(verdict)) continue;
    const auto checked = check(world, verdict);
    EXPECT_EQ(checked.outcome, Outcome::Accepted) << "seed " << seed << ": " << checked.reason;
    if (std::holds_alternative<verdict::Violated>(verdict)) {
      ++violated;
      continue;
    }
    if (!std::holds_alternative<verdict::Holds>(verdict)) continue;
    ++holds;
    explore::Options options;
    options.work = 1u << 22;
    const auto outcome = explore::search(made.system, made.leaks_nothing, made.scope, options);
    EXPECT_FALSE(std::holds_alternative<explore::Found>(outcome)) << "seed " << seed << "\n"
                                                                  << test::describe(made.system);
  }
  EXPECT_GT(holds, 5u);
  EXPECT_GT(violated, 10u);
}

}  // namespace
}  // namespace bulkhead
