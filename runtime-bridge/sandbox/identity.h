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
};

/// /run/bulkhead for root, $XDG_RUNTIME_DIR/bulkhead or /tmp/bulkhead-UID otherwise.
std::string state_folder();
/// That folder, made on demand with mode 0700: the caller's own and closed to others, or invalid with errno.
Descriptor open_state_folder();

/// Locks an outer id (root) or takes the caller's. The lock ends with the last process that holds it.
Result<Identity, Refusal> take_identity();

/// Whether a sandbox runs as `id` at this moment.
bool outer_id_taken(std::uint32_t id);

/// Root: gives up all supplementary groups, which a user namespace could not do later.
Result<Unit, Refusal> drop_groups();

/// Writes setgroups, gid_map and uid_map of `child`: one id, inner to outer.
Result<Unit, Refusal> map_ids(pid_t child, const Identity& identity, uid_t inner_user, gid_t inner_group);

/// A user namespace whose mapping shows the caller's files as the outer ids': for id-mapped mounts.
Result<Descriptor, Refusal> mapping_for_sources(const Identity& identity);

}  // namespace bulkhead::sandbox
