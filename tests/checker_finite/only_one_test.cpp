// For each search in one scope a claim that it alone decides, all within the same limits; and the closure beside
// others.
#include <gtest/gtest.h>

#include "checker/finite/closure.h"
#include "checker/finite/finite.h"
#include "lang/system/replay.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;
using finite::Claim;
using finite::Limits;
using finite::Open;
using finite::Outcome;

Limits limits() {
  Limits few;
  few.questions = 250;
  few.depth = 40;
  few.conflicts = 5'000;
  return few;
}

/// Which of the searches decide, in the order in which they are tried.
std::vector<std::string> deciders(const System& system, const Scope& scope, const Claim& claim) {
  std::vector<std::string> names;
  const auto ask = [&](const char* name, const Outcome& outcome) {
    if (!std::holds_alternative<Open>(outcome)) names.emplace_back(name);
  };
  ask("closure", finite::closed(system, scope, claim, {}));
  ask("ic3", finite::reachability(system, scope, claim, limits()));
  Limits shallow = limits();
  shallow.depth = 24;  // as the portfolio asks it
  ask("k-induction", finite::k_induction(system, scope, claim, shallow));
  ask("unrolling", finite::bounded(system, scope, claim, limits()));
  return names;
}

using Names = std::vector<std::string>;

TEST(OnlyOne, Ic3DecidesWhatNeedsALemma) {
  const Memory memory(Flush::Done);
  EXPECT_EQ(deciders(memory.system, {{2, 2}}, {memory.system.at(memory.exclusive).formula, true}), Names{"ic3"});
}

/// Two sums, and the sum of both: inductive, and no small set of clauses.
TEST(OnlyOne, KInductionDecidesASum) {
  System system;
  Builder builder(system);
  const FunctionId a = builder.function("a", Change::State, {}, bits(8));
  const FunctionId b = builder.function("b", Change::State, {}, bits(8));
  const FunctionId both = builder.function("both", Change::State, {}, bits(8));
  for (const FunctionId one : {a, b, both}) builder.initial(one, {}, builder.word(8, 0));
  for (const FunctionId one : {a, b}) {
    const BinderId by = builder.binder("by", bits(8));
    const auto raised = [&](FunctionId id) { return builder.add(builder.apply(id), builder.bound(by)); };
    builder.action(one == a ? "first" : "second", {by}, builder.truth(true),
                   {{one, {}, {}, raised(one), {}}, {both, {}, {}, raised(both), {}}});
  }
  const TermId claim = builder.equal(builder.add(builder.apply(a), builder.apply(b)), builder.apply(both));
  EXPECT_EQ(deciders(system, {}, {claim, true}), Names{"k-induction"});
}

/// Thirty steps of a generator of numbers, backwards one state at a time.
TEST(OnlyOne, UnrollingFindsALongRunWithoutChoices) {
  System system;
  Builder builder(system);
  const FunctionId number = builder.function("number", Change::State, {}, bits(32));
  builder.initial(number, {}, builder.word(32, 1));
  const TermId scaled = builder.multiply(builder.apply(number), builder.word(32, 1664525));
  builder.action("next", {}, builder.truth(true),
                 {{number, {}, {}, builder.add(scaled, builder.word(32, 1013904223)), {}}});
  std::uint32_t reached = 1;
  for (int i = 0; i < 30; ++i) reached = reached * 1664525u + 1013904223u;
  const TermId bad = builder.equal(builder.apply(number), builder.word(32, reached));
  EXPECT_EQ(deciders(system, {}, {bad, false}), Names{"unrolling"});
}

/// A long chain of rights, of which the first is given to nobody.
struct Chain {
  explicit Chain(std::size_t length) {
    net.circuit = &circuit;
    for (std::size_t i = 0; i < length; ++i) net.now.push_back(circuit.input());
    net.initial = ground::kTrue;
    net.bad = ground::kFalse;
    for (std::size_t i = 0; i < length; ++i) {
      const ground::Bit given = i == 0 ? net.now[0] : circuit.both(net.now[i - 1], circuit.input());
      net.next.push_back(circuit.either(net.now[i], given));
      net.initial = circuit.both(net.initial, !net.now[i]);
      net.bad = circuit.either(net.bad, circuit.both(net.now[i], circuit.input()));
    }
  }
  ground::Circuit circuit;
  finite::Net net;
};

TEST(OnlyOne, ClosureDecidesALongChainOfRights) {
  Chain chain(400);
  EXPECT_TRUE(finite::PrunedNet(chain.net).decides());
  EXPECT_TRUE(std::holds_alternative<Open>(finite::ic3(chain.net, limits())));
  EXPECT_TRUE(std::holds_alternative<Open>(finite::unroll(chain.net, limits())));
  Chain last(400);
  last.net.bad = last.net.now.back();
  EXPECT_TRUE(finite::PrunedNet(last.net).decides());
  EXPECT_TRUE(std::holds_alternative<Open>(finite::k_inductive(last.net, limits())));
}

TEST(ClosurePruning, KeepsWhatCanChangeAndLeadsBack) {
  Chain chain(6);
  chain.net.initial = ground::kTrue;  // the third is given, the others are not
  for (std::size_t i = 0; i < 6; ++i) {
    chain.net.initial = chain.circuit.both(chain.net.initial, i == 2 ? chain.net.now[i] : !chain.net.now[i]);
  }
  chain.net.bad = chain.net.now[5];
  const finite::PrunedNet pruned(chain.net);
  EXPECT_EQ(pruned.fixed(), (finite::Places{{0, false}, {1, false}, {2, true}}));
  EXPECT_EQ(pruned.net().now.size(), 3u);
  EXPECT_FALSE(pruned.decides());
  const auto outcome = pruned.original(finite::ic3(pruned.net(), {}));
  const auto* run = std::get_if<finite::NetRun>(&outcome);
  ASSERT_NE(run, nullptr);
  ASSERT_GE(run->values.size(), 4u);
  for (const auto& values : run->values) {
    EXPECT_TRUE(values[chain.net.now[2].gate()]);
    auto again = values;
    chain.circuit.evaluate(again);
    again.resize(values.size());
    EXPECT_EQ(again, values) << "each moment is a valuation of the original's gates";
  }
}

TEST(ClosurePruning, AnInvariantOfTheSmallerNetIsOneOfTheOriginal) {
  Chain chain(4);
  chain.net.bad = chain.net.now[3];
  const finite::PrunedNet pruned(chain.net);
  const auto outcome = pruned.original(finite::ic3(pruned.net(), {}));
  const auto* invariant = std::get_if<finite::NetInvariant>(&outcome);
  ASSERT_NE(invariant, nullptr);
  EXPECT_EQ(invariant->excluded.size(), 4u);
}

TEST(Ic3, SaysHowDeepItLooked) {
  System system;
  Builder builder(system);
  const FunctionId number = builder.function("number", Change::State, {}, bits(32));
  builder.initial(number, {}, builder.word(32, 0));
  builder.action("next", {}, builder.truth(true),
                 {{number, {}, {}, builder.add(builder.apply(number), builder.word(32, 1)), {}}});
  const TermId bad = builder.equal(builder.apply(number), builder.word(32, 1'000'000));
  const Outcome outcome = finite::reachability(system, {}, {bad, false}, limits());
  ASSERT_TRUE(std::holds_alternative<Open>(outcome));
  ASSERT_TRUE(std::get<Open>(outcome).depth.has_value());
  EXPECT_GT(*std::get<Open>(outcome).depth, 0u);
}

}  // namespace
}  // namespace bulkhead::test
