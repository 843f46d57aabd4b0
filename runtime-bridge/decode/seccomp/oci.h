// What a seccomp profile in OCI JSON means, as libseccomp reads it; Docker's and Podman's conditions on capabilities
// too.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/decode/comparison.h"
#include "runtime-bridge/decode/seccomp/diagram.h"
#include "runtime-bridge/decode/seccomp/policy_answers.h"

namespace bulkhead::decode::seccomp {

/// What `includes` and `excludes` of a profile are judged by; plain OCI objects have neither.
struct Circumstances {
  Machine machine = Machine::X86_64;
  std::set<std::string> capabilities;  // "CAP_SYS_ADMIN"
  unsigned kernel_major = 6;
  unsigned kernel_minor = 1;
};

/// The answer to every call of the machine's own architecture; other architectures and x32 are read as KILL_PROCESS.
///
/// Entries of a rule must all hold, but several entries of one argument are alternatives (as runc adds them). Rules of
/// one call with one action are alternatives; rules with different actions that overlap have no agreed meaning and are
/// refused. Names that `syscalls` does not know, or that the machine has not, are skipped, as the runtimes do.
Result<Ref, DecodeError> oci_meaning(const std::string& json, const std::vector<ir::Syscall>& syscalls,
                                     const Circumstances& circumstances, Diagrams& diagrams);

}  // namespace bulkhead::decode::seccomp
