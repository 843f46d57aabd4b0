// Addresses as text: "10.0.0.0/8", "fd00:7::/48", "10.0.0.1", "::1", "10.0.0.1-10.0.0.9".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lang/ir/object.h"

namespace bulkhead::ir {

/// The range that `text` means, every port and protocol; nothing where it is none (bits set behind the prefix
/// included).
std::optional<NetPattern> parse_net_range(std::string_view text);

std::optional<Address> parse_address(std::string_view text);

/// "10.0.7.1", "fd00:7:0:0:0:0:0:1".
std::string to_string(const Address& address);

}  // namespace bulkhead::ir
