// The explicit search beside searches that use nothing but the reference semantics, on random systems.
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>
#include <set>

#include "checker/explore/explore.h"
#include "checker/explore/first_states.h"
#include "lang/system/replay.h"
#include "lang/system/valid.h"
#include "tests/support/brute_force.h"
#include "tests/support/random_system.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;
using explore::Exhausted;
using explore::Found;
using explore::Options;
using explore::Outcome;
using explore::Reduction;

constexpr std::uint64_t kSeeds = 1500;

/// What became of the random systems; each test demands that every outcome was met often enough to mean something.
struct Tally {
  int found = 0, exhausted = 0;
};

TEST(RandomSystems, AreValid) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const RandomSystem made(seed, {seed % 3 == 1, seed % 3 == 2});
    ASSERT_EQ(objection(made.system), std::nullopt) << seed << "\n" << describe(made.system);
    for (const Theorem* theorem : {&made.always, &made.never, &made.leads_to, &made.leaks_nothing}) {
      ASSERT_EQ(objection(made.system, *theorem), std::nullopt) << seed << "\n" << describe(made.system);
    }
    ASSERT_TRUE(is_tabular(made.system));
    ASSERT_TRUE(is_scope(made.system, made.scope));
  }
}

TEST(RandomSystems, HaveTheStatesAndShortestRunsOfBruteForce) {
  Tally tally;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const RandomSystem made(seed);
    const auto reached = brute_force(made.system, made.scope);
    if (!reached) continue;
    const TermId formula = made.system.at(std::get<Always>(made.always.statement).property).formula;
    std::optional<std::size_t> shortest;
    for (const auto& [state, distance] : *reached) {
      if (holds(made.system, made.scope, state, formula, {}) == Answer::Yes) continue;
      if (!shortest || distance < *shortest) shortest = distance;
    }
    for (const Reduction reduction : {Reduction::None, Reduction::Renames}) {
      Options options;
      options.reduction = reduction;
      const Outcome outcome = explore::search(made.system, made.always, made.scope, options);
      ASSERT_EQ(std::holds_alternative<Found>(outcome), shortest.has_value()) << seed << "\n" << describe(made.system);
      if (const auto* found = std::get_if<Found>(&outcome)) {
        ++tally.found;
        ASSERT_EQ(replay_violation(made.system, made.always, found->run), std::nullopt) << seed;
        ASSERT_EQ(found->run.steps.size(), *shortest) << seed;
        continue;
      }
      ++tally.exhausted;
      ASSERT_TRUE(std::holds_alternative<Exhausted>(outcome)) << seed;
      if (reduction == Reduction::None) {
        ASSERT_EQ(std::get<Exhausted>(outcome).states, reached->size()) << seed;
      }
    }
  }
  EXPECT_GT(tally.found, 100);
  EXPECT_GT(tally.exhausted, 100);
}

TEST(RandomSystems, ReachNoMoreStatesWithStrongerGuards) {
  int fewer = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    RandomSystem made(seed);
    const auto before = brute_force(made.system, made.scope);
    if (!before) continue;
    Builder b(made.system);
    const TermId invariant = made.system.at(std::get<Always>(made.always.statement).property).formula;
    for (Action& action : made.system.actions) action.guard = b.conjunction({action.guard, invariant});
    const Outcome after = explore::search(made.system, {Never{b.truth(false)}, {}}, made.scope, {});
    ASSERT_LE(std::get<Exhausted>(after).states, before->size()) << seed;
    fewer += std::get<Exhausted>(after).states < before->size() ? 1 : 0;
  }
  EXPECT_GT(fewer, 20);
}

TEST(RandomSystems, HaveTheFairLassosOfAFixpoint) {
  Tally tally;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const RandomSystem made(seed);
    const auto violated = violates_leads_to(made.system, made.scope, std::get<LeadsTo>(made.leads_to.statement));
    if (!violated) continue;
    const Outcome outcome = explore::search(made.system, made.leads_to, made.scope, {});
    ASSERT_EQ(std::holds_alternative<Found>(outcome), *violated) << seed << "\n" << describe(made.system);
    if (const auto* found = std::get_if<Found>(&outcome)) {
      ++tally.found;
      ASSERT_EQ(replay_violation(made.system, made.leads_to, found->run), std::nullopt) << seed;
    } else {
      ++tally.exhausted;
      ASSERT_TRUE(std::holds_alternative<Exhausted>(outcome)) << seed;
    }
  }
  EXPECT_GT(tally.found, 100);
  EXPECT_GT(tally.exhausted, 100);
}

/// A random sequence of attempts.
std::vector<Fired> attempts(const System& system, const Scope& scope, std::mt19937_64& random) {
  std::vector<Fired> steps;
  for (std::size_t i = random() % 5; i > 0; --i) {
    Fired fired{ActionId(random() % system.actions.size()), {}};
    for (const BinderId parameter : system.at(fired.action).parameters) {
      const auto count = *cardinality(system, scope, system.at(parameter).type);
      fired.arguments.push_back(static_cast<Value>(random() % count));
    }
    steps.push_back(fired);
  }
  return steps;
}

TEST(RandomSystems, LeakNothingToSampledRunsWhereThePairsAreExhausted) {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const RandomSystem made(seed);
    const auto initial = initial_states(made.system, made.scope);
    if (!initial || initial->empty()) continue;
    const Outcome outcome = explore::search(made.system, made.leaks_nothing, made.scope, {});
    if (const auto* found = std::get_if<Found>(&outcome)) {
      ++tally.found;
      ASSERT_EQ(replay_leak(made.system, made.leaks_nothing, found->run, *found->second), std::nullopt) << seed;
      continue;
    }
    ASSERT_TRUE(std::holds_alternative<Exhausted>(outcome)) << seed;
    ++tally.exhausted;
    std::mt19937_64 random(seed);
    for (int i = 0; i < 60; ++i) {
      const State& a = (*initial)[random() % initial->size()];
      const State& b = random() % 2 == 0 ? a : (*initial)[random() % initial->size()];
      system::Run left{made.scope, a, attempts(made.system, made.scope, random), std::nullopt};
      system::Run right{made.scope, b, left.steps, std::nullopt};
      if (!right.steps.empty())
        right.steps.erase(right.steps.begin() + static_cast<long>(random() % right.steps.size()));
      ASSERT_NE(replay_leak(made.system, made.leaks_nothing, left, right), std::nullopt) << seed << "\n"
                                                                                         << describe(made.system);
    }
  }
  EXPECT_GT(tally.found, 10);
  EXPECT_GT(tally.exhausted, 100);
}

TEST(RandomSystems, StepInTheMachineAsInTheReference) {
  std::map<Answer, int> met;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const RandomSystem made(seed, {seed % 3 != 0, seed % 3 != 1});
    explore::Machine machine(made.system, made.scope, 1u << 20);
    explore::Flat state, to;
    explore::list_first_states(machine, [&](explore::FlatView first) {
      state.assign(first.begin(), first.end());
      return false;
    });
    if (state.empty()) continue;
    ASSERT_EQ(is_initial(made.system, made.scope, machine.restore(state)), Answer::Yes) << seed;
    const TermId formula = made.system.at(std::get<Always>(made.always.statement).property).formula;
    std::mt19937_64 random(seed);
    for (std::size_t entry = 0; entry < state.size(); ++entry) {
      if (machine.type_of(entry) == kInt) state[entry] = std::numeric_limits<Value>::max() - 1;
    }
    for (int i = 0; i < 20; ++i) {
      const std::size_t instance = random() % machine.instances().size();
      const State before = machine.restore(state);
      const Stepped expected = step(made.system, made.scope, before, machine.instances()[instance]);
      ++met[expected.fires];
      if (expected.fires == Answer::Beyond) break;  // where another part of a formula decides, the machine knows more
      ASSERT_EQ(machine.fire(state, instance, to), expected.fires) << seed << "\n" << describe(made.system);
      const Answer truth = holds(made.system, made.scope, before, formula, {});
      if (truth != Answer::Beyond) {
        ASSERT_EQ(machine.holds(state, formula), truth) << seed;
      }
      if (expected.fires != Answer::Yes) continue;
      ASSERT_EQ(machine.restore(to), expected.state) << seed << "\n" << describe(made.system);
      state = to;
    }
  }
  EXPECT_GT(met[Answer::Yes], 1000);
  EXPECT_GT(met[Answer::No], 1000);
  EXPECT_GT(met[Answer::Beyond], 0);
}

}  // namespace
}  // namespace bulkhead::test
