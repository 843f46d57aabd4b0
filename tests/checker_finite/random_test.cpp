// Every engine beside the explicit search, on random systems.
#include <gtest/gtest.h>

#include "checker/explore/explore.h"
#include "checker/finite/closure.h"
#include "checker/finite/evidence.h"
#include "checker/finite/finite.h"
#include "lang/system/replay.h"
#include "tests/support/random_system.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;
using finite::Invariant;
using finite::Open;
using finite::Violated;

struct Case {
  RandomSystem made;
  bool violated;
  std::size_t steps;  // of a shortest run
};

/// The random systems that explicit search decides.
std::vector<Case> cases() {
  std::vector<Case> all;
  explore::Options options;
  options.work = 1u << 20;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    RandomSystem made(seed, {seed % 4 == 3, false});
    const auto outcome = explore::search(made.system, made.always, made.scope, options);
    if (std::holds_alternative<explore::Stopped>(outcome)) continue;
    const auto* found = std::get_if<explore::Found>(&outcome);
    all.push_back({std::move(made), found != nullptr, found == nullptr ? 0 : found->run.steps.size()});
  }
  return all;
}

finite::Claim claim(const Case& one) {
  return finite::claim_of(one.made.system, one.made.always);
}

/// The invariant has evidence that is accepted for this claim.
void certify(const Case& one, const Invariant& invariant) {
  const System& system = one.made.system;
  const auto evidence = finite::certify(system, one.made.scope, claim(one), invariant, {});
  ASSERT_TRUE(evidence.ok()) << evidence.error() << "\n" << describe(system);
  ASSERT_EQ(finite::objection(system, one.made.scope, claim(one), *evidence), std::nullopt) << describe(system);
}

TEST(RandomSystems, HaveNoEvidenceForWhatIsViolated) {
  int refused = 0;
  for (const Case& one : cases()) {
    if (!one.violated) continue;
    const System& system = one.made.system;
    for (const std::size_t k : {1u, 2u, 3u}) {
      ASSERT_FALSE(finite::certify(system, one.made.scope, claim(one), {{}, k}, {}).ok()) << describe(system);
      ++refused;
    }
    if (refused > 300) return;
  }
  FAIL() << "too few random systems are violated";
}

TEST(RandomSystems, AreDecidedByEveryEngineAsByExplicitSearch) {
  int violated = 0, proved = 0, by_induction = 0, by_closure = 0, deep = 0;
  finite::Limits limits;
  limits.depth = 8;
  for (const Case& one : cases()) {
    const System& system = one.made.system;
    const std::string text = describe(system);
    const auto bounded = finite::bounded(system, one.made.scope, claim(one), limits);
    const bool short_enough = one.violated && one.steps <= limits.depth;
    ASSERT_EQ(std::holds_alternative<Violated>(bounded), short_enough) << text;
    if (const auto* found = std::get_if<Violated>(&bounded)) {
      ASSERT_EQ(replay_violation(system, one.made.always, found->run), std::nullopt) << text;
      ASSERT_EQ(found->run.steps.size(), one.steps) << text;
      deep += one.steps > 1 ? 1 : 0;
    }
    const auto induction = finite::k_induction(system, one.made.scope, claim(one), limits);
    if (std::holds_alternative<Invariant>(induction)) {
      ASSERT_FALSE(one.violated) << text;
      ++by_induction;
      certify(one, std::get<Invariant>(induction));
    }
    const auto closed = finite::closed(system, one.made.scope, claim(one), {});
    if (std::holds_alternative<Invariant>(closed)) {
      ASSERT_FALSE(one.violated) << text;
      ++by_closure;
      certify(one, std::get<Invariant>(closed));
    }
    const auto reach = finite::reachability(system, one.made.scope, claim(one), limits);
    ASSERT_FALSE(std::holds_alternative<Open>(reach)) << std::get<Open>(reach).why << "\n" << text;
    ASSERT_EQ(std::holds_alternative<Violated>(reach), one.violated) << text;
    if (const auto* found = std::get_if<Violated>(&reach)) {
      ASSERT_EQ(replay_violation(system, one.made.always, found->run), std::nullopt) << text;
    }
    if (const auto* invariant = std::get_if<Invariant>(&reach)) certify(one, *invariant);
    ++(one.violated ? violated : proved);
  }
  EXPECT_GT(violated, 200);
  EXPECT_GT(proved, 200);
  EXPECT_GT(by_induction, 100);
  EXPECT_GT(by_closure, 10);
  EXPECT_GT(deep, 5);
}

}  // namespace
}  // namespace bulkhead::test
