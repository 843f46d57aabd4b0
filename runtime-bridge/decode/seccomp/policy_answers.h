// What a filter has to answer to every call, read off the policy. Trusted: the filter is compared with this.
#pragma once

#include <string>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/decode/seccomp/diagram.h"

namespace bulkhead::decode::seccomp {

enum class Machine : std::uint8_t { X86_64, Aarch64 };

/// Listened: refused calls are handed to a listener, and so are the allowed calls of table/mediated.h.
/// Standalone: refused calls get the policy's own action.
enum class Flavour : std::uint8_t { Listened, Standalone };

struct PolicyAnswers {
  Ref permitted =
      0;  // the calls that the policy allows: right architecture, a number it names, arguments that it allows
  Ref expected = 0;  // the answer to every call
};

/// Fails where the access relation of `subject` depends on what no filter sees.
///
/// Architecture other than the machine's, and x32 numbers: KILL_PROCESS. An allowed call: ALLOW, or USER_NOTIF if
/// mediated. A refused call: the action of the first denial that applies, else the default; a listener is notified
/// instead of an errno, except for mediated calls (so that a notification means "allowed" for these) and for clone3,
/// openat2 and faccessat2 where the policy allows none of them (ENOSYS, so that the C library falls back).
Result<PolicyAnswers, std::string> policy_answers(const ir::World& world, ir::SubjectId subject, Machine machine,
                                                  Flavour flavour, Diagrams& diagrams);

/// Whether the filter answers every call as the policy says.
struct Comparison {
  bool equal = false;
  bool allows_more = false;    // some call is executed that the policy refuses
  bpf::Call example;           // where they differ; one that is executed against the policy if there is one
  std::uint32_t answered = 0;  // by the filter, to the example
  std::uint32_t expected = 0;
};
Comparison compare(Ref filter, const PolicyAnswers& policy, Diagrams& diagrams);

/// "openat (257) on x86-64: the filter answers ALLOW, the policy USER_NOTIF; arguments 0x0 ...".
std::string describe(const Comparison& comparison, const ir::World& world, Machine machine);

}  // namespace bulkhead::decode::seccomp
