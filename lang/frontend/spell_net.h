// Addresses and ports as the language writes them.
#pragma once

#include <string>
#include <vector>

#include "lang/ir/object.h"

namespace bulkhead::frontend {

/// "10.0.0.0/8", and several where a range is no single prefix; in order, at most 254.
std::vector<std::string> spell_addresses(const ir::NetPattern& net);

/// As a `net` says it: groups that are told apart by `or`.
std::string spell_net_groups(const std::vector<ir::NetPattern>& nets);

/// As a list of objects says it: a port behind every address that has one, and those without in front of nothing that
/// could lend them its own (BH3006).
std::string spell_net_list(const std::vector<ir::NetPattern>& nets);

}  // namespace bulkhead::frontend
