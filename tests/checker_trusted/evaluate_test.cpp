// Formulas in three values: the least solution of equations by raising is the one by rounds, and what is open is open.
#include "checker/obligation/evaluate.h"

#include <gtest/gtest.h>

#include <random>

#include "checker/obligation/build.h"

namespace bulkhead::obligation {
namespace {

constexpr std::size_t kPatterns = 4, kVariables = 5;

NodeId member(Builder& build, std::size_t i) {
  ir::ObjectPatterns patterns;
  patterns.files.push_back({ir::VolumeId{2}, "/" + std::to_string(i), ""});
  return build.member(std::move(patterns));
}

/// Monotone over variables; memberships may stand under a negation.
NodeId random_node(Builder& build, std::mt19937& random, const std::vector<VariableId>& variables, unsigned depth) {
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  if (depth == 0) {
    if (pick(2) == 0) return build.variable(variables[pick(variables.size())]);
    const NodeId leaf = member(build, pick(kPatterns));
    return pick(3) == 0 ? build.negate(leaf) : leaf;
  }
  std::vector<NodeId> children;
  for (std::size_t i = 0; i < 2 + pick(2); ++i) children.push_back(random_node(build, random, variables, depth - 1));
  return pick(2) == 0 ? build.all(children) : build.any(children);
}

Formula random_formula(std::uint32_t seed) {
  std::mt19937 random(seed);
  Builder build;
  std::vector<VariableId> variables;
  for (std::size_t i = 0; i < kVariables; ++i) variables.push_back(build.fresh_variable());
  for (const VariableId variable : variables) build.define(variable, random_node(build, random, variables, 2));
  return build.finish(random_node(build, random, variables, 2));
}

Leaves leaves_of(const Formula& formula, const std::vector<Kleene>& members) {
  return [&formula, members](NodeId id) {
    const Node& node = formula.at(id);
    return node.kind == NodeKind::Member ? members.at(node.pattern.index()) : Kleene::Open;
  };
}

/// Round after round from nothing.
std::vector<Kleene> by_rounds(const Formula& formula, const Leaves& leaves) {
  std::vector<Kleene> variables(formula.equations.size(), Kleene::False);
  while (true) {
    const auto values = evaluate(formula, leaves, variables);
    std::vector<Kleene> next;
    for (const NodeId equation : formula.equations) next.push_back(values[equation.index()]);
    if (next == variables) return values;
    variables = std::move(next);
  }
}

TEST(Evaluate, TheLeastSolutionIsTheOneByRounds) {
  std::size_t with_equations = 0, truths = 0;
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    const Formula formula = random_formula(seed);
    with_equations += formula.equations.empty() ? 0 : 1;
    std::mt19937 random(seed);
    for (int round = 0; round < 20; ++round) {
      std::vector<Kleene> members;
      for (std::size_t i = 0; i < formula.patterns.size(); ++i) members.push_back(static_cast<Kleene>(random() % 3));
      const Leaves leaves = leaves_of(formula, members);
      const auto values = evaluate(formula, leaves);
      EXPECT_EQ(values, by_rounds(formula, leaves)) << seed;
      truths += values[formula.root.index()] == Kleene::True ? 1 : 0;
    }
  }
  EXPECT_GT(with_equations, 300u);
  EXPECT_GT(truths, 300u);
}

TEST(Evaluate, WhatIsDecidedIsSoForEveryChoiceOfWhatIsOpen) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const Formula formula = random_formula(seed);
    std::mt19937 random(seed + 1);
    std::vector<Kleene> members;
    for (std::size_t i = 0; i < formula.patterns.size(); ++i) members.push_back(static_cast<Kleene>(random() % 3));
    const Kleene root = evaluate(formula, leaves_of(formula, members))[formula.root.index()];
    for (unsigned choice = 0; choice < (1u << formula.patterns.size()); ++choice) {
      std::vector<Kleene> chosen = members;
      for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (chosen[i] == Kleene::Open) chosen[i] = kleene(((choice >> i) & 1u) != 0);
      }
      const Kleene value = evaluate(formula, leaves_of(formula, chosen))[formula.root.index()];
      EXPECT_NE(value, Kleene::Open);
      if (root != Kleene::Open) {
        EXPECT_EQ(value, root) << seed;
      }
    }
  }
}

TEST(Evaluate, NothingIsTrueBecauseOfItself) {
  Builder build;
  const VariableId a = build.fresh_variable(), b = build.fresh_variable();
  build.define(a, build.variable(b));
  build.define(b, build.either(build.variable(a), member(build, 0)));
  const Formula formula = build.finish(build.variable(a));
  for (const Kleene held : {Kleene::False, Kleene::Open, Kleene::True}) {
    EXPECT_EQ(evaluate(formula, leaves_of(formula, {held}))[formula.root.index()], held);
  }
}

TEST(Evaluate, PatternsOfEquationsHaveThePolarityOfTheirVariables) {
  Builder build;
  const VariableId a = build.fresh_variable();
  build.define(a, build.either(build.both(build.variable(a), member(build, 0)), build.negate(member(build, 1))));
  const Formula formula = build.finish(build.variable(a));
  std::vector<Polarity> expected(formula.patterns.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    expected[i] = formula.patterns[i].files.front().glob == "/0" ? Polarity::Positive : Polarity::Negative;
  }
  ASSERT_EQ(expected.size(), 2u);
  EXPECT_EQ(polarities(formula), expected);
}

}  // namespace
}  // namespace bulkhead::obligation
