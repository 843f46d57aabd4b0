// Who the sandbox is outside: for root a user id of its own from a locked range, otherwise the caller's.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {

/// Outer ids, one for each sandbox of a root caller: outside every range that distributions hand out.
inline constexpr std::uint32_t kFirstOuterId = 1'900'000'000;
inline constexpr std::uint32_t kOuterIds = 65'536;

struct Identity {
  std::uint32_t outer_user = 0, outer_group = 0;
  std::vector<std::uint32_t> retained_groups;  // rootless: the kernel offers no way to drop them
  Descriptor lock;                             // root: held by this process and the sandbox's first one
  std::string lock_path;
};

/// /run/bulkhead for root, $XDG_RUNTIME_DIR/bulkhead or /tmp/bulkhead-UID otherwise. Made on demand, mode 0700.
std::string state_folder();

/// Locks an outer id (root) or takes the caller's. `run_id` is written into the lock file, for people and tests.
Result<Identity, Refusal> take_identity(const std::string& run_id);

/// Root: gives up all supplementary groups, which a user namespace could not do later.
Result<Unit, Refusal> drop_groups();

/// Unlinks the lock file; the lock ends with its last holder.
void release_identity(Identity& identity);

/// Removes lock files that nobody holds: their supervisor was killed. Returns how many.
unsigned sweep_identities();

/// Writes setgroups, gid_map and uid_map of `child`: one id, inner to outer.
Result<Unit, Refusal> map_ids(pid_t child, const Identity& identity, uid_t inner_user, gid_t inner_group);

/// A user namespace whose mapping shows the caller's files as the outer ids': for id-mapped mounts.
Result<Descriptor, Refusal> mapping_for_sources(const Identity& identity);

}  // namespace bulkhead::sandbox
