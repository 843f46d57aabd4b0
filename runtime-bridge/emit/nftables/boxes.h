// Where a container may connect to, as disjoint boxes: address range x port range x protocol.
#pragma once

#include <optional>
#include <vector>

#include "lang/ir/world.h"

namespace bulkhead::emit::nftables {

struct Box {
  ir::Address first;
  ir::Address last;
  ir::Proto proto = ir::Proto::Tcp;
  std::uint16_t first_port = 0;
  std::uint16_t last_port = 65535;
};

struct Reach {
  std::vector<Box> boxes;                     // TCP and UDP; pairwise disjoint, sorted
  bool other_protocols = false;               // some destination by a protocol without ports is allowed too
  std::optional<ir::SentenceId> conditional;  // a permit with a condition: left out
};

/// What `right` (connect or bind) of `container` reaches, whatever the context.
///
/// Cost: (address cuts) x (patterns). Fails with nothing above kMaxBoxes boxes.
inline constexpr std::size_t kMaxBoxes = 65'536;
std::optional<Reach> reach_of(const ir::World& world, ir::SubjectId container, ir::Right right);

}  // namespace bulkhead::emit::nftables
