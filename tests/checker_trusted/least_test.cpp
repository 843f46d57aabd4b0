// Least solutions written out: elimination, rounds and the naive fixpoint agree for all values of what they are made
// of.
#include <gtest/gtest.h>

#include <random>

#include "checker/obligation/evaluate.h"
#include "checker/obligation/least.h"

namespace bulkhead::obligation {
namespace {

constexpr std::size_t kLeaves = 6;

struct Made {
  Builder build;
  std::vector<LinearEquation> equations;
};

NodeId leaf(Builder& build, std::mt19937& random) {
  const auto pick = random() % (kLeaves + 2);
  if (pick >= kLeaves) return Builder::constant(pick == kLeaves);
  return build.context_bool(ir::AttributeId{pick}, 0);
}

Made random_equations(std::uint32_t seed) {
  std::mt19937 random(seed);
  Made made;
  made.equations.resize(1 + random() % 7);
  const auto density = 1 + random() % 4;
  for (LinearEquation& equation : made.equations) {
    if (random() % 3 == 0) equation.constant = leaf(made.build, random);
    for (std::size_t j = 0; j < made.equations.size(); ++j) {
      if (random() % 5 < density) equation.depends.emplace(j, leaf(made.build, random));
    }
  }
  return made;
}

bool value_of(Builder& build, NodeId root, unsigned bits) {
  const Formula formula = build.finish(root);
  const auto values =
      evaluate(formula, [&](NodeId id) { return kleene(((bits >> formula.at(id).attribute.index()) & 1U) != 0); });
  return values.at(formula.root.index()) == Kleene::True;
}

/// From nothing, until nothing is added.
std::vector<bool> naive(Made& made, unsigned bits) {
  std::vector<bool> values(made.equations.size(), false);
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      bool is = value_of(made.build, made.equations[i].constant, bits);
      for (const auto& [j, coefficient] : made.equations[i].depends)
        is = is || (values[j] && value_of(made.build, coefficient, bits));
      more = more || is != values[i];
      values[i] = is;
    }
  }
  return values;
}

TEST(LeastSolution, EliminationRoundsAndTheNaiveFixpointAgree) {
  std::size_t yes = 0, no = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    Made made = random_equations(seed);
    const std::size_t target = seed % made.equations.size();
    const NodeId eliminated = by_elimination(made.build, made.equations, target);
    const NodeId rounds = by_rounds(made.build, made.equations, target);
    const NodeId chosen = least_solution(made.build, made.equations, target);
    EXPECT_TRUE(chosen == eliminated || chosen == rounds);
    for (unsigned bits = 0; bits < (1U << kLeaves); ++bits) {
      const bool expected = naive(made, bits)[target];
      ASSERT_EQ(value_of(made.build, eliminated, bits), expected) << seed << " " << bits;
      ASSERT_EQ(value_of(made.build, rounds, bits), expected) << seed << " " << bits;
      ++(expected ? yes : no);
    }
  }
  EXPECT_GT(yes, 500u);
  EXPECT_GT(no, 500u);
}

/// Everybody in a ring has it from the one before, or from itself by a leaf of its own.
std::size_t ring_size(std::size_t n) {
  Builder build;
  std::vector<LinearEquation> equations(n);
  for (std::size_t i = 0; i < n; ++i) {
    equations[i].constant = build.context_bool(ir::AttributeId{i}, 0);
    equations[i].depends.emplace((i + 1) % n, build.has(ir::AttributeId{i % 7}, 0));
  }
  return build.finish(least_solution(build, equations, 0)).nodes.size();
}

TEST(LeastSolution, OfARingIsAsLargeAsTheRing) {
  EXPECT_LE(ring_size(400), 4 * 400u);
}

TEST(LeastSolution, OfManyWhoDependOnSomeOfManyIsNoLargerThanTheRounds) {
  constexpr std::size_t n = 60;
  std::mt19937 random(3);
  Builder build;
  std::vector<LinearEquation> equations(n);
  for (std::size_t i = 0; i < n; ++i) {
    equations[i].constant = build.context_bool(ir::AttributeId{i}, 0);
    for (int k = 0; k < 3; ++k) equations[i].depends.emplace(random() % n, build.has(ir::AttributeId{i}, 0));
  }
  EXPECT_LE(build.finish(least_solution(build, equations, 0)).nodes.size(), 2 * n * n * 3);
}

}  // namespace
}  // namespace bulkhead::obligation
