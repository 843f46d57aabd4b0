#include <gtest/gtest.h>

#include <algorithm>

#include "checker/closure/reach.h"
#include "random_graph.h"

namespace bulkhead::test {
namespace {

using closure::Edge;
using closure::Graph;
using closure::kMembership;
using closure::Node;

/// Least number of causes on a path to each node, by relaxing every edge until nothing changes.
std::vector<std::size_t> naive_distances(std::size_t nodes, const std::vector<Edge>& edges, Node source) {
  std::vector<std::size_t> distances(nodes, nodes + edges.size() + 1);
  distances[source] = 0;
  for (std::size_t round = 0; round <= nodes; ++round) {
    for (const Edge& edge : edges) {
      const std::size_t length = edge.cause == kMembership ? 0 : 1;
      distances[edge.to] = std::min(distances[edge.to], distances[edge.from] + length);
    }
  }
  return distances;
}

void expect_path(const std::vector<Edge>& edges, const std::vector<Edge>& path, Node source, Node target,
                 std::size_t length) {
  Node at = source;
  std::size_t causes = 0;
  for (const Edge& edge : path) {
    ASSERT_EQ(edge.from, at);
    ASSERT_NE(std::find(edges.begin(), edges.end(), edge), edges.end()) << "a path is made of edges that were given";
    at = edge.to;
    causes += edge.cause == kMembership ? 0 : 1;
  }
  EXPECT_EQ(at, target);
  EXPECT_EQ(causes, length);
}

TEST(ShortestPath, IsAPathAndNoneIsShorter) {
  std::mt19937 random(3);
  int found = 0, none = 0;
  for (int round = 0; round < 300; ++round) {
    const std::size_t nodes = 1 + random() % 15;
    const auto edges = random_edges(random, nodes, random() % 30);
    const Graph graph(nodes, edges);
    const Node source[] = {static_cast<Node>(random() % nodes)}, target[] = {static_cast<Node>(random() % nodes)};
    const auto path = closure::shortest_path(graph, source, target);
    const std::size_t length = naive_distances(nodes, edges, source[0])[target[0]];
    ASSERT_EQ(path.has_value(), length <= nodes + edges.size());
    if (path) expect_path(edges, *path, source[0], target[0], length);
    (path ? found : none) += 1;
  }
  EXPECT_GT(found, 100);
  EXPECT_GT(none, 50);
}

TEST(ShortestPath, OfASourceThatIsATargetHasNoEdges) {
  const std::vector<Edge> edges{{0, 0, 1}};
  const Node both[] = {0};
  const auto path = closure::shortest_path(Graph(1, edges), both, both);
  ASSERT_TRUE(path.has_value());
  EXPECT_TRUE(path->empty());
}

TEST(ShortestPath, TakesTheSentenceThatWasGivenFirst) {
  const std::vector<Edge> edges{{0, 1, 9}, {0, 1, 4}};
  const Node source[] = {0}, target[] = {1};
  const auto path = closure::shortest_path(Graph(2, edges), source, target);
  ASSERT_TRUE(path.has_value());
  EXPECT_EQ(*path, (std::vector<Edge>{{0, 1, 9}}));
}

TEST(ShortestPath, GoesThroughSetsForNothing) {
  // 0 and 1 are members of 4; a sentence leads from 4 to 5, whose member is 2. The long way has two sentences.
  const std::vector<Edge> edges{{0, 3, 10}, {3, 2, 11}, {0, 4}, {1, 4}, {4, 5, 12}, {5, 2}};
  const Node source[] = {0}, target[] = {2};
  const auto path = closure::shortest_path(Graph(6, edges), source, target);
  ASSERT_TRUE(path.has_value());
  EXPECT_EQ(*path, (std::vector<Edge>{{0, 4}, {4, 5, 12}, {5, 2}}));
}

}  // namespace
}  // namespace bulkhead::test
