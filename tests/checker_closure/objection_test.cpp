#include "checker/closure/objection.h"

#include <gtest/gtest.h>

#include "checker/closure/closure.h"
#include "checker/closure/reach.h"
#include "random_graph.h"

namespace bulkhead::test {
namespace {

using closure::ClosedRelation;
using closure::ClosedSet;
using closure::Edge;
using closure::Graph;
using closure::Node;

bool bit(const std::vector<std::uint64_t>& words, std::size_t i) {
  return ((words[i / 64] >> (i % 64)) & 1) != 0;
}

void flip(std::vector<std::uint64_t>& words, std::size_t i) {
  words[i / 64] ^= std::uint64_t{1} << (i % 64);
}

/// The plain meaning of a closed set, which the checker has to agree with on every mutant.
bool is_evidence(const std::vector<Edge>& edges, Node source, Node target, const ClosedSet& set) {
  bool closed = bit(set.words, source) && !bit(set.words, target);
  for (const Edge& edge : edges) closed = closed && (!bit(set.words, edge.from) || bit(set.words, edge.to));
  return closed;
}

TEST(ClosedSet, IsAcceptedExactlyWhereItIsClosedAndSeparates) {
  std::mt19937 random(4);
  int accepted = 0, refused = 0;
  for (int round = 0; round < 100; ++round) {
    const std::size_t nodes = 2 + random() % 80;
    const auto edges = random_edges(random, nodes, nodes);
    const Node source[] = {static_cast<Node>(random() % nodes)}, target[] = {static_cast<Node>(random() % nodes)};
    const ClosedSet least = closure::reachable(Graph(nodes, edges), source);
    const bool separates = !bit(least.words, target[0]);
    ASSERT_EQ(!closure::objection(nodes, edges, source, target, least).has_value(), separates);
    for (std::size_t i = 0; i < nodes && separates; ++i) {
      ClosedSet mutant = least;
      flip(mutant.words, i);
      const bool fine = is_evidence(edges, source[0], target[0], mutant);
      ASSERT_EQ(!closure::objection(nodes, edges, source, target, mutant).has_value(), fine);
      (fine ? accepted : refused) += 1;
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(accepted, 0) << "a larger closed set is evidence too";
}

TEST(ClosedSet, OfALeastSetEveryMemberIsNeeded) {
  std::mt19937 random(5);
  int refused = 0;
  for (int round = 0; round < 50; ++round) {
    const std::size_t nodes = 2 + random() % 30;
    const auto edges = random_edges(random, nodes, nodes);
    const Node source[] = {0};
    const ClosedSet least = closure::reachable(Graph(nodes, edges), source);
    for (std::size_t i = 0; i < nodes; ++i) {
      if (!bit(least.words, i)) continue;
      ClosedSet mutant = least;
      flip(mutant.words, i);
      ASSERT_TRUE(closure::objection(nodes, edges, source, {}, mutant).has_value());
      ++refused;
    }
  }
  EXPECT_GT(refused, 50);
}

TEST(ClosedSet, OfAnotherSizeIsRefused) {
  const std::vector<Edge> edges{{0, 1, 0}};
  const Node source[] = {0}, beyond[] = {9};
  EXPECT_TRUE(closure::objection(2, edges, source, {}, {{}}).has_value());
  EXPECT_TRUE(closure::objection(2, edges, source, {}, {{3, 0}}).has_value());
  EXPECT_TRUE(closure::objection(2, edges, beyond, {}, {{3}}).has_value());
  EXPECT_TRUE(closure::objection(2, edges, source, beyond, {{3}}).has_value());
  EXPECT_TRUE(closure::objection(1, edges, source, {}, {{1}}).has_value()) << "an edge leaves the graph";
}

TEST(ClosedRelation, LosesNoPairUnnoticed) {
  std::mt19937 random(6);
  int refused = 0;
  for (int round = 0; round < 60; ++round) {
    const std::size_t nodes = 2 + random() % 30;
    const auto edges = random_edges(random, nodes, nodes);
    const auto reaches = naive_closure(nodes, edges);
    const ClosedRelation relation = *closure::TransitiveClosure(Graph(nodes, edges)).relation();
    for (std::size_t u = 0; u < nodes; ++u) {
      for (std::size_t v = 0; v < nodes; ++v) {
        if (!reaches[u][v]) continue;
        ClosedRelation mutant = relation;
        flip(mutant.rows, relation.class_of[u] * ((relation.classes + 63) / 64) * 64 + relation.class_of[v]);
        ASSERT_TRUE(closure::objection(nodes, edges, mutant).has_value()) << u << " " << v;
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 500);
}

TEST(ClosedRelation, WithWrongClassesNeverDeniesAPath) {
  std::mt19937 random(7);
  int refused = 0, accepted = 0;
  for (int round = 0; round < 400; ++round) {
    const std::size_t nodes = 2 + random() % 12;
    const auto edges = random_edges(random, nodes, nodes);
    const auto reaches = naive_closure(nodes, edges);
    ClosedRelation mutant = *closure::TransitiveClosure(Graph(nodes, edges)).relation();
    mutant.class_of[random() % nodes] = static_cast<std::uint32_t>(random() % (mutant.classes + 1));
    if (closure::objection(nodes, edges, mutant)) {
      ++refused;
      continue;
    }
    ++accepted;
    for (std::size_t u = 0; u < nodes; ++u) {
      for (std::size_t v = 0; v < nodes; ++v) {
        const bool said = bit(mutant.rows, mutant.class_of[u] * ((mutant.classes + 63) / 64) * 64 + mutant.class_of[v]);
        ASSERT_TRUE(said || !reaches[u][v]);
      }
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(accepted, 20);
}

TEST(ClosedRelation, OfAnotherShapeIsRefused) {
  const std::vector<Edge> edges{{0, 1, 0}};
  const ClosedRelation good = *closure::TransitiveClosure(Graph(2, edges)).relation();
  ASSERT_FALSE(closure::objection(2, edges, good).has_value());
  ClosedRelation mutant = good;
  mutant.rows.pop_back();
  EXPECT_TRUE(closure::objection(2, edges, mutant).has_value());
  mutant = good;
  mutant.class_of.push_back(0);
  EXPECT_TRUE(closure::objection(2, edges, mutant).has_value());
  EXPECT_TRUE(closure::objection(2, edges, {}).has_value());
}

}  // namespace
}  // namespace bulkhead::test
