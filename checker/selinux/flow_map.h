// Which permission moves information which way, read from data (models/selinux_flow.map).
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lang/base/result.h"
#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

struct Direction {
  bool in = false;   // from the object to the subject
  bool out = false;  // from the subject to the object

  friend bool operator==(const Direction&, const Direction&) = default;
};

struct FlowMap {
  std::unordered_map<std::string, Direction> directions;  // by `permission`, `class:permission`, `class:*`
};

inline constexpr std::size_t kMaxFlowMapBytes = 1u << 20;

/// Errors: "line 7: ..." with what is wrong, lower case; a word that stands twice is one of them.
Result<FlowMap, std::string> read_flow_map(std::string_view text);

/// A flow map for the classes of one policy.
struct PermissionFlows {
  std::vector<Permissions> in, out;   // by class
  std::vector<std::string> unmapped;  // `class:permission`, of which the map says nothing: they count as both
};

PermissionFlows permission_flows(const Policy& policy, const FlowMap& map);

}  // namespace bulkhead::selinux
