#include "checker/conditions/sort_graph.h"

#include <gtest/gtest.h>

#include "lang/system/builder.h"
#include "tests/support/system_samples.h"

namespace bulkhead {
namespace {

using namespace system;

std::optional<std::string> judge(const System& system, TermId formula) {
  conditions::Terms terms(system);
  return conditions::outside_fragment(terms, conditions::base(terms, {"claim", formula}));
}

TEST(SortGraph, TheModelOfMemoryIsInside) {
  const test::Memory memory(test::Flush::Done);
  EXPECT_EQ(judge(memory.system, memory.system.at(memory.exclusive).formula), std::nullopt);
}

TEST(SortGraph, AFunctionFromASortToItselfIsACircle) {
  System made;
  Builder b(made);
  const Type node = of_sort(b.sort("Node"));
  const FunctionId next = b.function("next", Change::Rigid, {node}, node);
  const BinderId n = b.binder("n", node);
  const TermId formula = b.for_all({n}, b.equal(b.apply(next, {b.bound(n)}), b.bound(n)));
  EXPECT_EQ(judge(made, formula), "Node -> Node (by `next`)");
}

/// A claim "each a has some b" is harmless to show: negated, it is "some a has none". As a hypothesis it makes an edge.
TEST(SortGraph, AnExistentialUnderAUniversalIsAnEdgeWhereItIsAssumed) {
  System made;
  Builder b(made);
  const Type node = of_sort(b.sort("Node"));
  const FunctionId edge = b.function("edge", Change::Rigid, {node, node}, kBool);
  const BinderId x = b.binder("x", node);
  const BinderId y = b.binder("y", node);
  const TermId formula = b.for_all({x}, b.exists({y}, b.apply(edge, {b.bound(x), b.bound(y)})));
  EXPECT_EQ(judge(made, formula), std::nullopt);
  b.property("total", PropertyKind::Assumption, formula);
  EXPECT_EQ(judge(made, formula), "Node -> Node (by `y` under `x`)");
}

TEST(SortGraph, AUniversalOverIntegersIsNamed) {
  System made;
  Builder b(made);
  const FunctionId level = b.function("level", Change::Rigid, {}, kInt);
  const BinderId n = b.binder("n", kInt);
  const TermId formula = b.exists({n}, b.less(b.bound(n), b.apply(level)));
  EXPECT_EQ(judge(made, formula), "`n` ranges over integers");
}

}  // namespace
}  // namespace bulkhead
