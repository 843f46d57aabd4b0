#include "checker/finite/generalise.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "checker/explore/growth.h"
#include "lang/system/valid.h"
#include "tests/support/random_system.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;
using finite::Claim;
using finite::Invariant;

/// The lemmas that hold in every scope of up to three elements for each sort.
std::vector<TermId> lasting(const System& system) {
  std::vector<TermId> formulas;
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    if (system.properties[i].name.rfind("inferred", 0) != 0) continue;
    const auto grown = explore::search_growing(system, {Always{PropertyId(i)}, {}}, 3, {});
    const bool lasts = std::all_of(grown.outcomes.begin(), grown.outcomes.end(), [](const explore::Outcome& one) {
      return std::holds_alternative<explore::Exhausted>(one);
    });
    if (lasts) formulas.push_back(system.properties[i].formula);
  }
  return formulas;
}

TEST(Generalise, FindsTheLemmaThatMakesTheInvariantInductiveInLargerScopes) {
  Memory memory(Flush::Done);
  memory.system.properties.erase(memory.system.properties.begin());  // `owned` is what is looked for
  const TermId exclusive = memory.system.properties[0].formula;
  const Scope small{{2, 1}}, large{{4, 3}};
  const auto found = finite::reachability(memory.system, small, {exclusive, true}, {});
  ASSERT_TRUE(std::holds_alternative<Invariant>(found));
  const auto lemmas = finite::generalise(memory.system, small, std::get<Invariant>(found).excluded);
  System larger = finite::strengthened(memory.system, lemmas);
  ASSERT_EQ(objection(larger), std::nullopt);
  std::vector<TermId> all = lasting(larger);
  ASSERT_FALSE(all.empty());
  all.push_back(exclusive);
  Builder b(larger);
  finite::Limits one_step;
  one_step.depth = 1;
  const auto alone = finite::k_induction(larger, large, {exclusive, true}, one_step);
  EXPECT_FALSE(std::holds_alternative<Invariant>(alone)) << "it needs the lemma";
  const auto together = finite::k_induction(larger, large, {b.conjunction(all), true}, one_step);
  EXPECT_TRUE(std::holds_alternative<Invariant>(together));
}

TEST(Generalise, ExcludesNoReachableStateOfItsScope) {
  int cubes = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const RandomSystem made(seed);
    const auto claim = finite::claim_of(made.system, made.always);
    const auto outcome = finite::reachability(made.system, made.scope, claim, {});
    const auto* invariant = std::get_if<Invariant>(&outcome);
    if (invariant == nullptr || invariant->excluded.empty()) continue;
    const auto lemmas = finite::generalise(made.system, made.scope, invariant->excluded);
    const System larger = finite::strengthened(made.system, lemmas);
    ASSERT_EQ(objection(larger), std::nullopt) << seed;
    ASSERT_LE(lemmas.size(), 2 * invariant->excluded.size());
    cubes += static_cast<int>(lemmas.size());
    std::vector<TermId> formulas;
    for (const Property& one : larger.properties) {
      if (one.name.rfind("inferred", 0) == 0) formulas.push_back(one.formula);
    }
    for (const TermId one : formulas) {  // renamings of unreachable states are unreachable
      const auto missed = finite::bounded(larger, made.scope, {one, true}, {4, 100000, 100000});
      ASSERT_FALSE(std::holds_alternative<finite::Violated>(missed)) << seed << describe(larger);
    }
  }
  EXPECT_GT(cubes, 30);
}

}  // namespace
}  // namespace bulkhead::test
