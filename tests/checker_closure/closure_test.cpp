#include "checker/closure/closure.h"

#include <gtest/gtest.h>

#include "checker/closure/objection.h"
#include "random_graph.h"

namespace bulkhead::test {
namespace {

using closure::Edge;
using closure::Graph;
using closure::TransitiveClosure;

TEST(Graph, KeepsParallelEdgesWithTheirCausesInOrder) {
  const std::vector<Edge> edges{{1, 0, 7}, {0, 1, 3}, {0, 1, 2}, {0, 2, 5}};
  const Graph graph(3, edges);
  EXPECT_EQ(graph.nodes(), 3u);
  EXPECT_EQ(graph.edges(), 4u);
  const closure::Outgoing outgoing = graph.outgoing(0);
  EXPECT_EQ(std::vector(outgoing.targets.begin(), outgoing.targets.end()), (std::vector<closure::Node>{1, 1, 2}));
  EXPECT_EQ(std::vector(outgoing.causes.begin(), outgoing.causes.end()), (std::vector<closure::Cause>{3, 2, 5}));
  EXPECT_TRUE(graph.targets(2).empty());
}

TEST(Components, LeadDownwardsAndAreCircles) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    const std::size_t nodes = 1 + random() % 12;
    const auto edges = random_edges(random, nodes, random() % 24);
    const auto reaches = naive_closure(nodes, edges);
    const closure::Components found = closure::components(Graph(nodes, edges));
    for (const Edge& edge : edges) EXPECT_GE(found.of[edge.from], found.of[edge.to]);
    for (std::size_t u = 0; u < nodes; ++u) {
      for (std::size_t v = 0; v < nodes; ++v) {
        EXPECT_EQ(found.of[u] == found.of[v], u == v || (reaches[u][v] && reaches[v][u]));
      }
    }
  }
}

TEST(Components, OfAChainOfAMillionNodesNeedNoDeepStack) {
  const std::size_t nodes = 1'000'000;
  std::vector<Edge> edges;
  for (closure::Node i = 0; i + 1 < nodes; ++i) edges.push_back({i, i + 1, i});
  EXPECT_EQ(closure::components(Graph(nodes, edges)).count, nodes);
  edges.push_back({static_cast<closure::Node>(nodes - 1), 0, 0});
  EXPECT_EQ(closure::components(Graph(nodes, edges)).count, 1u);
}

/// All rows kept, and rows on demand with room for two at a time.
void expect_as_naive(std::size_t nodes, const std::vector<Edge>& edges) {
  const Graph graph(nodes, edges);
  const auto reaches = naive_closure(nodes, edges);
  TransitiveClosure kept(graph), on_demand(graph, {.kept_components = 0, .row_bytes = 16});
  std::uint64_t pairs = 0;
  for (closure::Node u = 0; u < nodes; ++u) {
    const Bitset reached = kept.reached_from(u);
    for (closure::Node v = 0; v < nodes; ++v) {
      ASSERT_EQ(kept.reaches(u, v), reaches[u][v]) << u << " " << v;
      ASSERT_EQ(on_demand.reaches(u, v), reaches[u][v]) << u << " " << v;
      ASSERT_EQ(reached.test(v), reaches[u][v]);
      pairs += u != v && reaches[u][v] ? 1 : 0;
    }
  }
  EXPECT_EQ(kept.pairs(), pairs);
  EXPECT_EQ(on_demand.pairs(), pairs);
  EXPECT_FALSE(on_demand.relation().has_value());
  ASSERT_TRUE(kept.relation().has_value());
  EXPECT_EQ(closure::objection(nodes, edges, *kept.relation()), std::nullopt);
}

TEST(Closure, SaysWhatFloydAndWarshallSay) {
  std::mt19937 random(2);
  for (int round = 0; round < 150; ++round) {
    const std::size_t nodes = 1 + random() % 20;
    expect_as_naive(nodes, random_edges(random, nodes, random() % (2 * nodes + 1)));
  }
  for (int round = 0; round < 5; ++round) expect_as_naive(130, random_edges(random, 130, 150));
}

TEST(Closure, OfNothingHasNoPairs) {
  EXPECT_EQ(TransitiveClosure(Graph(0, {})).pairs(), 0u);
  EXPECT_FALSE(TransitiveClosure(Graph(1, {})).reaches(0, 0)) << "nothing reaches itself by no edge";
}

TEST(Closure, KeepsItsRowsWithinTheBoundOnALargeGraph) {
  const std::size_t nodes = 30'000;
  std::vector<Edge> edges;
  for (closure::Node i = 0; i + 1 < nodes; ++i) edges.push_back({i, i + 1, i});
  TransitiveClosure chain(Graph(nodes, edges), {.kept_components = 10'000, .row_bytes = 1u << 20});
  EXPECT_TRUE(chain.reaches(0, 29'999));
  EXPECT_FALSE(chain.reaches(29'999, 0));
  for (closure::Node i = 0; i < 600; ++i) ASSERT_FALSE(chain.reaches(i + 1, i));
  EXPECT_EQ(chain.reached_from(29'000).count(), 999u);
}

}  // namespace
}  // namespace bulkhead::test
