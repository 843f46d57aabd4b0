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

/// Section: `linux.seccomp` of a config.json, what a runtime reads. Profile: what Docker and Podman make one from, with
/// `includes`, `excludes` and `archMap`.
enum class Dialect : std::uint8_t { Section, Profile };

/// What `includes` and `excludes` of a profile are judged by; a section has neither.
struct Circumstances {
  Machine machine = Machine::X86_64;
  Dialect dialect = Dialect::Section;
  std::set<std::string> capabilities;  // "CAP_SYS_ADMIN"
  unsigned kernel_major = 6;
  unsigned kernel_minor = 1;
};

/// The answer to every call of the machine's own architecture; other architectures and x32 are read as KILL_PROCESS. A
/// section that names another architecture is refused: its calls would be let in under other numbers. Of a profile the
/// other architectures are not looked at.
///
/// Every key must be known, and every value of its type: a key that nobody looked at (`listenerPath`, a flag that turns
/// mitigations off, `includes` in a section, which runtimes skip over) could let something through.
///
/// Entries of a rule must all hold, but several entries of one argument are alternatives (as runc adds them). Rules of
/// one call with one action are alternatives; rules with different actions that overlap have no agreed meaning and are
/// refused. Names that `syscalls` does not know, or that the machine has not, are skipped, as the runtimes do.
Result<Ref, DecodeError> oci_meaning(const std::string& json, const std::vector<ir::Syscall>& syscalls,
                                     const Circumstances& circumstances, Diagrams& diagrams);

}  // namespace bulkhead::decode::seccomp
