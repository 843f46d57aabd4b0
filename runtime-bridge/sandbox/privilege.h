// Giving up what a process may do: session, keyring, resource limits, capabilities, securebits, no_new_privs.
//
// Runs in the sandbox's own processes, between clone and exec.
#pragma once

#include "runtime-bridge/sandbox/plan.h"
#include "runtime-bridge/sandbox/rendezvous.h"

namespace bulkhead::sandbox {

/// Takes the inner user and group, capabilities kept: what is made from here on belongs to the sandbox's own user.
void take_user(const Plan& plan, Rendezvous& page);

/// New session and session keyring, umask, the terminal, every signal at its default, resource limits.
void fresh_session(const Plan& plan, Rendezvous& page);

/// The bounding set to what the plan keeps (as a rule nothing), the ambient set to nothing; children inherit both.
void empty_capability_sets(const Plan& plan, Rendezvous& page);

/// Inheritable, permitted and effective sets to what the plan keeps, that set ambient too, securebits locked, ids set
/// for good, no_new_privs, and no memory that is writable and executable where the plan says so.
void drop_privileges(const Plan& plan, Rendezvous& page);

}  // namespace bulkhead::sandbox
