#include "lang/import/capabilities/volumes.h"

#include <algorithm>
#include <map>

#include "lang/import/capabilities/pattern.h"

namespace bulkhead::capabilities {

bool GrantVolume::has(Kind kind) const {
  return std::any_of(grants.begin(), grants.end(), [&](const auto* grant) { return grant->kind == kind; });
}

std::vector<GrantVolume> volumes_of(const std::vector<PathGrant>& grants) {
  std::map<std::string, std::vector<const PathGrant*>> by_prefix;
  for (const auto& grant : grants) by_prefix[literal_prefix(grant.glob)].push_back(&grant);
  std::vector<GrantVolume> volumes;
  for (auto& [folder, list] : by_prefix) {
    const std::string& prefix = folder;  // clang 14 lets no lambda capture the binding
    // A folder sorts before what lies below it, yet "/a-b" sorts between "/a" and "/a/b": look at all.
    const auto outer =
        std::find_if(volumes.begin(), volumes.end(), [&](const auto& v) { return covers(v.source, prefix); });
    if (outer == volumes.end()) {
      volumes.push_back({"Granted" + std::to_string(volumes.size() + 1), prefix, std::move(list)});
    } else {
      outer->grants.insert(outer->grants.end(), list.begin(), list.end());
    }
  }
  return volumes;
}

std::string glob_in(const GrantVolume& volume, const PathGrant& grant) {
  const auto rest = grant.glob.substr(volume.source.size());
  return rest.empty() ? "/" : rest;
}

}  // namespace bulkhead::capabilities
