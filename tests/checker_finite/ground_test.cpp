// Circuits beside the reference semantics, on random systems.
#include "checker/ground/ground.h"

#include <gtest/gtest.h>

#include <random>

#include "checker/explore/first_states.h"
#include "checker/finite/steps.h"
#include "tests/support/random_system.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;
using ground::Bit;

/// Puts a state into the inputs of a circuit.
void load(const ground::Bits& bits, const State& state, std::vector<bool>& values) {
  std::size_t entry = 0;
  for (const auto& table : state.tables) {
    for (const Value one : table) {
      const ground::Word& word = bits[entry++];
      for (std::size_t i = 0; i < word.size(); ++i) {
        values[word[i].gate()] = (static_cast<std::uint64_t>(one) >> i & 1) != 0;
      }
    }
  }
}

State random_state(const System& system, const Scope& scope, std::mt19937_64& random) {
  State state;
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    auto& table = state.tables.emplace_back(table_size(system, scope, FunctionId(i)), 0);
    const std::size_t count = *cardinality(system, scope, system.functions[i].result);
    for (Value& entry : table) entry = static_cast<Value>(random() % count);
  }
  return state;
}

TEST(Ground, MeansWhatTheReferenceSemanticsMeans) {
  int initial = 0, fired = 0, refused = 0;
  for (std::uint64_t seed = 0; seed < 800; ++seed) {
    const RandomSystem made(seed, {seed % 2 == 1, false});
    auto result = ground::Ground::make(made.system, made.scope);
    ASSERT_TRUE(result.ok());
    ground::Ground& ground = result.value();
    const ground::Bits now = ground.state();
    const Bit is_first = ground.initial(now);
    const TermId formula = made.system.at(std::get<Always>(made.always.statement).property).formula;
    const Bit is_true = ground.holds(now, formula);
    std::vector<ground::Effect> effects;
    for (const ground::Instance& one : ground.instances()) {
      effects.push_back(ground.effect(now, one, ground.words(one)));
    }
    ASSERT_FALSE(ground.is_spent());
    std::mt19937_64 random(seed);
    for (int i = 0; i < 10; ++i) {
      const State state = random_state(made.system, made.scope, random);
      std::vector<bool> values(ground.circuit().size(), false);
      load(now, state, values);
      ground.circuit().evaluate(values);
      const auto value = [&](Bit bit) { return values[bit.gate()] != bit.negated(); };
      ASSERT_EQ(ground.lift(now, value), state) << seed;
      ASSERT_EQ(value(is_first), is_initial(made.system, made.scope, state) == Answer::Yes) << seed;
      ASSERT_EQ(value(is_true), holds(made.system, made.scope, state, formula, {}) == Answer::Yes) << seed;
      initial += value(is_first) ? 1 : 0;
      for (std::size_t j = 0; j < effects.size(); ++j) {
        const Fired instance{ground.instances()[j].action, ground.instances()[j].listed};
        const Stepped expected = step(made.system, made.scope, state, instance);
        ASSERT_EQ(value(effects[j].fires), expected.fires == Answer::Yes) << seed << "\n" << describe(made.system);
        ++(expected.fires == Answer::Yes ? fired : refused);
        if (expected.fires != Answer::Yes) continue;
        ASSERT_EQ(ground.lift(effects[j].after, value), expected.state) << seed << "\n" << describe(made.system);
      }
    }
  }
  EXPECT_GT(initial, 100);
  EXPECT_GT(fired, 1000);
  EXPECT_GT(refused, 1000);
}

TEST(Steps, FireWhatTheySayAndLeadWhereItLeads) {
  std::size_t single = 0, swept = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const RandomSystem made(seed, {seed % 2 == 1, false});
    auto result = ground::Ground::make(made.system, made.scope);
    ground::Ground& ground = result.value();
    const ground::Bits now = ground.state();
    const finite::Step one = finite::single_step(ground, now), many = finite::sweep(ground, now);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 10; ++i) {
      const State state = random_state(made.system, made.scope, random);
      std::vector<bool> values(ground.circuit().size(), false);
      for (std::size_t gate = 0; gate < values.size(); ++gate) values[gate] = random() % 2 == 0;
      load(now, state, values);
      ground.circuit().evaluate(values);
      const auto value = [&](Bit bit) { return values[bit.gate()] != bit.negated(); };
      for (const finite::Step* step : {&one, &many}) {
        if (!value(step->allowed)) continue;
        State expected = state;
        for (const Fired& fired : finite::lift(ground, *step, value)) {
          const Stepped next = system::step(made.system, made.scope, expected, fired);
          ASSERT_EQ(next.fires, Answer::Yes) << seed << "\n" << describe(made.system);
          expected = next.state;
          ++(step == &one ? single : swept);
        }
        ASSERT_EQ(ground.lift(step->after, value), expected) << seed << "\n" << describe(made.system);
      }
    }
  }
  EXPECT_GT(single, 100u);
  EXPECT_GT(swept, 1000u);
}

}  // namespace
}  // namespace bulkhead::test
