// Addresses as text: "10.0.0.0/8", "fd00:7::/48", "10.0.0.1", "::1", "10.0.0.1-10.0.0.9".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ir/object.h"

namespace bulkhead::ir {

/// The range that `text` means, every port and protocol; nothing where it is none (bits set behind the prefix
/// included).
std::optional<NetPattern> parse_net_range(std::string_view text);

/// The addresses by which a process reaches the machine that it runs on: loopback, the unspecified addresses (Linux
/// connects those to loopback), and the IPv4 ones of them written as IPv6.
const std::vector<NetPattern>& loopback_ranges();

std::optional<Address> parse_address(std::string_view text);

/// "10.0.7.1", "fd00:7:0:0:0:0:0:1".
std::string to_string(const Address& address);

}  // namespace bulkhead::ir
