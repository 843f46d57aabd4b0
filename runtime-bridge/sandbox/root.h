// The own root: a tmpfs with exactly the plan's folders, links, files and mounts, then pivot_root and the old root
// gone (docs/adr/0007).
//
// Runs in the sandbox's first process, between clone and exec.
#pragma once

#include "runtime-bridge/sandbox/plan.h"
#include "runtime-bridge/sandbox/rendezvous.h"

namespace bulkhead::sandbox {

/// Clones every bind source while the host's tree is still in sight, and checks that it is the object that was opened.
void clone_sources(Plan& plan, Rendezvous& page);

/// Requires: clone_sources; the caller's ids are mapped. Ensures: `/` is the own root. The host's tree still hangs in
/// one folder of it, which no path of the plan names. Returns the descriptor of the root's mount.
int enter_root(Plan& plan, Rendezvous& page);

/// Requires: enter_root, in the same process. Ensures: nothing of the host's tree is left, and the root is as read-only
/// as the plan says; `page.old_root_gone` says so, for the read-back to begin. The kernel waits here until no processor
/// looks at the old tree any more, the longest single wait of a launch.
void detach_old_root(int root, const Plan& plan, Rendezvous& page);

}  // namespace bulkhead::sandbox
