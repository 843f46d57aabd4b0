// Strongly connected components: nodes that all reach each other, in an order in which edges lead downwards.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/closure/graph.h"

namespace bulkhead::closure {

using Component = std::uint32_t;

struct Components {
  std::vector<Component> of;  // for each node
  std::size_t count = 0;

  friend bool operator==(const Components&, const Components&) = default;
};

/// Ensures: every edge leads into its own component or into one with a smaller number; deterministic.
/// Cost:    linear, without recursion. See: [Tarjan72].
Components components(const Graph& graph);

}  // namespace bulkhead::closure
