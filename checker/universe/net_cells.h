// Network objects cut into cells: address intervals x port intervals x protocols that no pattern set tells apart.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "lang/ir/object.h"

namespace bulkhead::universe {

/// All objects of some pairs (address, port, proto) with the same memberships, shown by one of them.
struct NetCell {
  std::vector<bool> members;  // by pattern set
  ir::NetObject witness;
};

enum class Visit : std::uint8_t { Continue, Stop };
enum class CellsEnd : std::uint8_t { All, Stopped, Exhausted };

/// Shows every kind of object at least once: for both families every membership vector that occurs, together with every
/// interval between `port_cuts` (a cut is the first port of an interval) that it occurs in, and every proto.
///
/// Elementary intervals over a sorted cover: addresses first, then the ports of the patterns that stand at them.
/// Cost: `work` counts patterns touched; beyond it Exhausted.
CellsEnd visit_net_cells(std::span<const std::vector<ir::NetPattern>> sets, std::span<const std::uint16_t> port_cuts,
                         std::uint64_t work, const std::function<Visit(const NetCell&)>& visit);

}  // namespace bulkhead::universe
