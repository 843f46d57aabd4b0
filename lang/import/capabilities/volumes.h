// The volumes behind a set of path grants: the outermost literal prefixes, so that no host file gets two names.
#pragma once

#include <string>
#include <vector>

#include "lang/import/capabilities/capability_set.h"

namespace bulkhead::capabilities {

struct GrantVolume {
  std::string name;                      // "Data1"
  std::string source;                    // on the host, and where it is mounted
  std::vector<const PathGrant*> grants;  // in the order of the set
  bool has(Kind kind) const;
};

/// Ensures: sources are pairwise not below one another; every grant is in exactly one volume. Sorted by source.
/// Requires: `grants` outlives the result.
std::vector<GrantVolume> volumes_of(const std::vector<PathGrant>& grants);

/// The glob inside the volume of a grant: "/" for the volume's own path, "/*.csv", "/**".
std::string glob_in(const GrantVolume& volume, const PathGrant& grant);

}  // namespace bulkhead::capabilities
