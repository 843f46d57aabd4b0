// CIDR blocks as text, as ranges, and everything outside of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ir/object.h"

namespace bulkhead::capabilities {

struct Block {
  ir::Address first;
  ir::Address last;
  unsigned bits = 0;  // of the prefix
};

/// An address or a block, `10.0.7.0/24`, `fd00:7::/48`, `192.0.2.1`. `host_bits` tells a block whose address has bits
/// beyond the prefix; it is then cut to the prefix.
std::optional<Block> parse_block(std::string_view text, bool& host_bits);

std::string to_string(const ir::Address& address);
/// "10.0.7.0/24"; a single address without a prefix.
std::string to_string(const Block& block);

/// Blocks that share what may not be reached there.
struct Outside {
  std::vector<Block> blocks;
  /// Everything on these blocks where empty; else these port ranges of one protocol.
  struct Service {
    ir::Proto proto = ir::Proto::Tcp;
    std::vector<std::pair<std::uint16_t, std::uint16_t>> ports;
  };
  std::vector<Service> services;
};

/// Every TCP and UDP destination outside the union of `granted`, and every protocol on blocks of which nothing is
/// granted.
///
/// Requires: each element is one CIDR block. Ensures: disjoint from the union; together with it, all of TCP and UDP.
/// Cost:     at most 129 blocks for each element.
std::vector<Outside> outside_of(const std::vector<ir::NetPattern>& granted);

}  // namespace bulkhead::capabilities
