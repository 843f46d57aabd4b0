// Random graphs, and their closure as Floyd and Warshall would say it: the plain meaning that the tests compare with.
#pragma once

#include <random>
#include <vector>

#include "checker/closure/graph.h"

namespace bulkhead::test {

/// Edges with causes 0, 1, 2 ...; one in eight is a membership.
inline std::vector<closure::Edge> random_edges(std::mt19937& random, std::size_t nodes, std::size_t count) {
  std::vector<closure::Edge> edges;
  for (std::size_t i = 0; i < count; ++i) {
    const auto from = static_cast<closure::Node>(random() % nodes), to = static_cast<closure::Node>(random() % nodes);
    edges.push_back({from, to, random() % 8 == 0 ? closure::kMembership : static_cast<closure::Cause>(i)});
  }
  return edges;
}

/// reaches[u][v]: by one edge or more.
inline std::vector<std::vector<bool>> naive_closure(std::size_t nodes, const std::vector<closure::Edge>& edges) {
  std::vector<std::vector<bool>> reaches(nodes, std::vector<bool>(nodes, false));
  for (const closure::Edge& edge : edges) reaches[edge.from][edge.to] = true;
  for (std::size_t k = 0; k < nodes; ++k) {
    for (std::size_t i = 0; i < nodes; ++i) {
      for (std::size_t j = 0; j < nodes; ++j) {
        if (reaches[i][k] && reaches[k][j]) reaches[i][j] = true;
      }
    }
  }
  return reaches;
}

}  // namespace bulkhead::test
