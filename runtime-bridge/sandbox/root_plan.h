// Which folders, links, files and mounts the own root has, as the table says: data first, acts later (root.h).
#pragma once

#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/plan.h"

namespace bulkhead::sandbox {

/// Fills plan.root, root_readonly and root_bytes.
///
/// Ensures: parents come before what is in them, mounts in the order of their targets, links last; a target below a
/// bind
///          mount is never created (it would be made in the host's folder), it must exist there.
Result<Unit, Refusal> plan_root(const table::Table& table, const RunOptions& options, Plan& plan);

/// Opens the source of every bind mount, links refused on the way, and notes which object it is.
///
/// The descriptors keep the objects alive until the sandbox has checked that it mounted the same ones.
Result<std::vector<Descriptor>, Refusal> open_sources(Plan& plan);

/// Root: replaces the volumes' sources by id-mapped detached mounts; `mapping` is a user namespace (identity.h).
/// The closure keeps its owners: it is read-only, and what the outer id may not read the program may not either.
Result<std::vector<Descriptor>, Refusal> map_sources(Plan& plan, int mapping);

}  // namespace bulkhead::sandbox
