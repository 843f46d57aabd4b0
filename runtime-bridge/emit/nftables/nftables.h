// The destinations of a policy as a ruleset of nftables, JSON for `nft -j -f -` in the container's network namespace.
#pragma once

#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/emit/error.h"
#include "runtime-bridge/emit/gap.h"

namespace bulkhead::emit::nftables {

struct Emission {
  std::string json;
  std::vector<Gap> gaps;
};

/// One table `inet bulkhead`: an output chain that drops by default, one set of `address . protocol . port` for each
/// family, everything else answered with a TCP reset or an ICMP refusal so that nobody waits for a timeout. Where an
/// IPv6 destination is granted, neighbour discovery is let through: without it no packet can leave.
Result<Emission, EmitError> emit(const ir::World& world, ir::SubjectId container);

}  // namespace bulkhead::emit::nftables
