#include "checker/encode/encode.h"

#include <gtest/gtest.h>

#include "checker/engine/query_solver.h"
#include "checker/obligation/obligation.h"
#include "lang/ir/eval.h"
#include "lang/ir/valid.h"
#include "random_world.h"

namespace bulkhead::encode {
namespace {

/// Cells are exact by enumeration; with no budget for them the same query goes to the solver as words.
TEST(Encode, AgreesWithCellsOnRandomNetQueries) {
  int solutions = 0, empty = 0;
  for (std::uint32_t seed = 200; seed < 240; ++seed) {
    const ir::World world = samples::random_world(seed);
    engine::Budget without_cells;
    without_cells.net_cells = 0;
    engine::QuerySolver by_cells(world, {}), by_words(world, without_cells);
    for (std::size_t subject = 0; subject < 3; ++subject)
      for (const ir::Right right : {ir::Right::Connect, ir::Right::Bind}) {
        const auto query = obligation::access_query(world, ir::SubjectId{subject}, right);
        ASSERT_TRUE(query.ok());
        const auto cells = by_cells.ask(*query), words = by_words.ask(*query);
        ASSERT_EQ(cells->index(), words->index()) << seed;
        const auto* solution = std::get_if<engine::Solution>(words.get());
        (solution != nullptr ? solutions : empty) += 1;
        if (solution == nullptr) continue;
        const ir::Request request{ir::SubjectId{subject}, right, solution->object, solution->contexts.copies[0]};
        EXPECT_TRUE(ir::is_valid(world, request)) << seed;
        EXPECT_TRUE(ir::decide(world, request).allowed) << seed;
      }
  }
  EXPECT_GT(solutions, 50);
  EXPECT_GT(empty, 20);
}

TEST(Encode, ReadsModelsBackAsValidAllowedRequests) {
  int solutions = 0;
  for (std::uint32_t seed = 300; seed < 330; ++seed) {
    const ir::World world = samples::random_world(seed);
    engine::QuerySolver queries(world, {});
    for (const ir::Right right : ir::kAllRights) {
      const auto query = obligation::access_query(world, ir::SubjectId{0}, right);
      ASSERT_TRUE(query.ok());
      const auto answer = queries.ask(*query);
      const auto* solution = std::get_if<engine::Solution>(answer.get());
      if (solution == nullptr) continue;
      ++solutions;
      const ir::Request request{ir::SubjectId{0}, right, solution->object, solution->contexts.copies[0]};
      EXPECT_TRUE(ir::is_valid(world, request)) << seed;
      EXPECT_TRUE(ir::decide(world, request).allowed) << seed;
    }
  }
  EXPECT_GT(solutions, 50);
}

TEST(Kleene, KnowsOnlyWhatNoUnknownCanChange) {
  obligation::Formula formula;
  formula.patterns.resize(2);
  formula.nodes.resize(6);
  using obligation::NodeId;
  using obligation::NodeKind;
  formula.nodes[1].kind = NodeKind::True;
  for (std::size_t i = 0; i < 2; ++i) {
    formula.nodes[2 + i].kind = NodeKind::Member;
    formula.nodes[2 + i].pattern = obligation::PatternId{i};
  }
  formula.nodes[4].kind = NodeKind::Not;
  formula.nodes[4].children = {NodeId{3}};
  formula.nodes[5].kind = NodeKind::And;
  formula.nodes[5].children = {NodeId{2}, NodeId{4}};
  formula.root = NodeId{5};
  const auto value = [&](Truth a, Truth b) {
    const Truth members[] = {a, b};
    return kleene(formula, members);
  };
  EXPECT_EQ(value(Truth::False, Truth::Unknown), Truth::False);
  EXPECT_EQ(value(Truth::Unknown, Truth::True), Truth::False);
  EXPECT_EQ(value(Truth::True, Truth::Unknown), Truth::Unknown);
  EXPECT_EQ(value(Truth::True, Truth::False), Truth::True);
  EXPECT_EQ(kleene(obligation::Formula{}, {}), Truth::False);
}

}  // namespace
}  // namespace bulkhead::encode
