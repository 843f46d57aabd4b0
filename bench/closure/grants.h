// Generated systems of grants: who can pass something on to whom. The same numbers, the same system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/closure/graph.h"

namespace bulkhead::bench {

/// Groups of eight subjects that all reach each other; every other grant leads to a group further down, most of them
/// near, one in sixteen anywhere. So there are many components and long chains, and about half of all pairs are
/// reached: a graph without shape would be one component, whose closure is nothing to do.
///
/// Requires: at least eight subjects, and as many grants as subjects.
std::vector<closure::Edge> grants(std::size_t subjects, std::size_t count, std::uint32_t seed);

}  // namespace bulkhead::bench
