// The own root: a tmpfs with exactly the plan's folders, links, files and mounts, then pivot_root and the old root
// gone.
//
// Runs in the sandbox's first process, between clone and exec.
#pragma once

#include "runtime-bridge/sandbox/plan.h"
#include "runtime-bridge/sandbox/rendezvous.h"

namespace bulkhead::sandbox {

/// Clones every bind source while the host's tree is still in sight, and checks that it is the object that was opened.
void clone_sources(Plan& plan, Rendezvous& page);

/// Requires: clone_sources; the caller's ids are mapped. Ensures: `/` is the own root, nothing of the host's tree is
/// left.
void enter_root(Plan& plan, Rendezvous& page);

}  // namespace bulkhead::sandbox
