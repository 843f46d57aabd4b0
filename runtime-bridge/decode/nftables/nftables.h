// What a ruleset of nftables lets out, and the proof that it is what the policy allows.
//
// Understood: commands (`nft -j -f -`) and listings (`nft -j list ruleset`) of the shapes that the emitter makes;
// anything else is an error, since what is not understood could let something out.
#pragma once

#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/decode/comparison.h"

namespace bulkhead::decode::nftables {

struct Meaning {
  std::vector<ir::NetPattern> allowed;  // TCP and UDP destinations of packets that leave
  bool neighbour_discovery = false;     // ICMPv6 of the link, without a destination of its own
};

Result<Meaning, DecodeError> decode(const std::string& json);

/// Exact, over all addresses, ports and protocols. `narrower` holds protocols other than TCP and UDP where the policy
/// has them.
Comparison compare(const Meaning& meaning, const ir::World& world, ir::SubjectId container);

}  // namespace bulkhead::decode::nftables
