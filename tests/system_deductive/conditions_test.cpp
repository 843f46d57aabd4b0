// Conditions against the reference semantics: what is said about a state after a step is what the step makes.
#include "checker/conditions/conditions.h"

#include <gtest/gtest.h>

#include <random>

#include "checker/conditions/left_sides.h"
#include "lang/system/choices.h"
#include "lang/system/replay.h"
#include "tests/support/random_system.h"
#include "tests/support/system_samples.h"

namespace bulkhead {
namespace {

using namespace system;

State random_state(const System& system, const Scope& scope, std::mt19937_64& random) {
  State state;
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    const auto values = cardinality(system, scope, system.functions[i].result);
    auto& table = state.tables.emplace_back(table_size(system, scope, FunctionId{i}));
    for (Value& value : table) value = static_cast<Value>(random() % values.value_or(5));
  }
  return state;
}

Fired random_step(const System& system, const Scope& scope, std::mt19937_64& random) {
  const ActionId action{static_cast<std::size_t>(random() % system.actions.size())};
  Fired fired{action, {}};
  for (const BinderId parameter : system.at(action).parameters) {
    const auto values = cardinality(system, scope, system.at(parameter).type);
    fired.arguments.push_back(static_cast<Value>(random() % values.value_or(5)));
  }
  return fired;
}

Binding binding_of(const System& system, const Fired& fired) {
  Binding binding;
  for (std::size_t i = 0; i < fired.arguments.size(); ++i) {
    binding[system.at(fired.action).parameters[i]] = fired.arguments[i];
  }
  return binding;
}

std::vector<TermId> closed_formulas(const test::RandomSystem& random) {
  std::vector<TermId> formulas;
  for (const Property& property : random.system.properties) formulas.push_back(property.formula);
  formulas.push_back(std::get<Never>(random.never.statement).formula);
  return formulas;
}

TEST(Conditions, AfterAStepAFormulaSaysWhatItSaidOfTheStateThere) {
  std::mt19937_64 random(7);
  std::size_t compared = 0;
  std::size_t differing = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const test::RandomSystem made(seed, {seed % 3 == 1, seed % 3 == 2});
    conditions::Terms terms(made.system);
    for (int i = 0; i < 20; ++i) {
      const State state = random_state(made.system, made.scope, random);
      const Fired fired = random_step(made.system, made.scope, random);
      const Stepped stepped = step(made.system, made.scope, state, fired);
      if (stepped.fires != Answer::Yes) continue;
      for (const TermId formula : closed_formulas(made)) {
        const TermId after = conditions::after(terms, fired.action, {}, formula);
        const auto expected = value(made.system, made.scope, stepped.state, formula, {});
        const auto got = value(terms.system(), made.scope, state, after, binding_of(made.system, fired));
        if (!expected || !got) continue;
        ASSERT_EQ(*expected, *got) << "seed " << seed << "\n" << test::describe(made.system);
        ++compared;
        if (value(made.system, made.scope, state, formula, {}) != expected) ++differing;
      }
    }
  }
  EXPECT_GT(compared, 1000u);
  EXPECT_GT(differing, 50u);  // formulas that the step changed
}

TEST(Conditions, TwoStepsBackNothingIsCaptured) {
  std::mt19937_64 random(11);
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const test::RandomSystem made(seed);
    conditions::Terms terms(made.system);
    for (int i = 0; i < 20; ++i) {
      const State state = random_state(made.system, made.scope, random);
      const Fired first = random_step(made.system, made.scope, random);
      const Stepped one = step(made.system, made.scope, state, first);
      if (one.fires != Answer::Yes) continue;
      const Fired second = random_step(made.system, made.scope, random);
      const Stepped two = step(made.system, made.scope, one.state, second);
      if (two.fires != Answer::Yes) continue;
      // The parameters of the second step are fresh constants, as in a search backwards.
      conditions::Substitution arguments;
      Binding binding = binding_of(made.system, first);
      for (std::size_t p = 0; p < second.arguments.size(); ++p) {
        const BinderId parameter = made.system.at(second.action).parameters[p];
        const BinderId fresh = terms.fresh(parameter);
        arguments.emplace(parameter, terms.bound(fresh));
        binding[fresh] = second.arguments[p];
      }
      const TermId formula = made.system.properties.front().formula;
      const TermId later = conditions::after(terms, second.action, arguments, formula);
      const TermId now = conditions::after(terms, first.action, {}, later);
      const auto expected = value(made.system, made.scope, two.state, formula, {});
      const auto got = value(terms.system(), made.scope, state, now, binding);
      if (!expected || !got) continue;
      ASSERT_EQ(*expected, *got) << "seed " << seed << "\n" << test::describe(made.system);
      ++compared;
    }
  }
  EXPECT_GT(compared, 200u);
}

TEST(Conditions, AtTheStartAFormulaSaysWhatItSaysOfTheDeclaredValues) {
  std::mt19937_64 random(13);
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const test::RandomSystem made(seed, {seed % 3 == 1, seed % 3 == 2});
    conditions::Terms terms(made.system);
    State state = random_state(made.system, made.scope, random);
    State first = state;
    bool known = true;
    for (std::size_t i = 0; i < made.system.functions.size(); ++i) {
      const Function& function = made.system.functions[i];
      if (function.change == Change::Rigid || !function.initial.valid()) continue;
      const Choices places(made.system, made.scope, function.parameters);
      Binding binding;
      std::size_t index = 0;
      for (bool more = places.first(binding); more; more = places.next(binding)) {
        const auto declared = value(made.system, made.scope, state, function.initial, binding);
        known = known && declared.has_value();
        first.tables[i][index++] = declared.value_or(0);
      }
    }
    if (!known) continue;
    for (const TermId formula : closed_formulas(made)) {
      const auto expected = value(made.system, made.scope, first, formula, {});
      const auto got = value(terms.system(), made.scope, state, conditions::at_start(terms, formula), {});
      if (!expected || !got) continue;
      ASSERT_EQ(*expected, *got) << "seed " << seed << "\n" << test::describe(made.system);
      ++compared;
    }
  }
  EXPECT_GT(compared, 200u);
}

TEST(Conditions, OfTwoUpdatesAtOnePlaceTheLaterCounts) {
  System made;
  Builder b(made);
  const FunctionId flag = b.function("flag", Change::State, {}, kBool);
  b.action("twice", {}, b.truth(true), {{flag, {}, {}, b.truth(true), {}}, {flag, {}, {}, b.truth(false), {}}});
  const TermId formula = b.apply(flag);
  conditions::Terms terms(made);
  EXPECT_EQ(conditions::after(terms, ActionId{0}, {}, formula), terms.truth(false));
}

TEST(Conditions, AnActionThatWritesNothingOfAConjunctKeepsItTrivially) {
  const test::Memory memory(test::Flush::Done);
  conditions::Terms terms(memory.system);
  const conditions::Conjunct fixed{"fixed", terms.quantified(Op::ForAll, {}, terms.truth(true))};
  EXPECT_TRUE(conditions::step(terms, {}, memory.map, fixed).trivial);
  const conditions::Conjunct owned{"owned", memory.system.at(memory.owned).formula};
  EXPECT_FALSE(conditions::step(terms, {&owned, 1}, memory.map, owned).trivial);
}

TEST(Conditions, TheLeftSideOfAnInvariantIsThatSomeValuesMakeItTrue) {
  const test::Memory memory(test::Flush::Done);
  conditions::Terms terms(memory.system);
  const auto sides = conditions::left_sides(terms, memory.system.at(memory.exclusive).formula);
  ASSERT_EQ(sides.size(), 1u);
  EXPECT_EQ(terms.at(sides[0]).op, Op::Exists);
}

}  // namespace
}  // namespace bulkhead
