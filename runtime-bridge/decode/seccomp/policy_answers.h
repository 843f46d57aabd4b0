// What a filter has to answer to every call, read off the policy. Trusted: the filter is compared with this.
#pragma once

#include <string>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/decode/seccomp/diagram.h"
#include "runtime-bridge/table/bpf.h"
#include "runtime-bridge/table/mediated.h"

namespace bulkhead::decode::seccomp {

using bpf::Machine;
using table::Flavour;

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
/// Contained: nobody is notified. A number without a name: ENOSYS, a refusal by notification: EPERM, the fallbacks as
/// above, and, where no rule lets the subject execute any file, an allowed execve or execveat: EACCES.
Result<PolicyAnswers, std::string> policy_answers(const ir::World& world, ir::SubjectId subject, Machine machine,
                                                  Flavour flavour, Diagrams& diagrams);

/// Whether the filter answers every call as the policy says. A call that the policy refuses counts as allowed where the
/// filter executes it, and where it hands it to whoever listens or traces although the policy does not.
struct Comparison {
  bool equal = false;
  bool allows_more = false;        // some call may be executed that the policy refuses
  bool only_refuses_more = false;  // they differ, but every call that the policy refuses is answered as it says
  bpf::Call example;               // where they differ; the worst kind of difference that there is
  std::uint32_t answered = 0;      // by the filter, to the example
  std::uint32_t expected = 0;
};
Comparison compare(Ref filter, const PolicyAnswers& policy, Diagrams& diagrams);

/// "openat (257) on x86-64: the filter answers ALLOW, the policy USER_NOTIF; arguments 0x0 ...".
/// A call alone: "mprotect (10, architecture 0xc000003e); arguments 0x0 ...".
std::string describe(const bpf::Call& call, const ir::World& world, Machine machine);
std::string describe(const Comparison& comparison, const ir::World& world, Machine machine);

/// Whether some rule lets `subject` execute some file, whatever forbids it elsewhere.
bool may_execute(const ir::World& world, ir::SubjectId subject);

/// The execs that `filter` lets happen without handing them over: no listener decides these. By number, as below.
Ref execution_unseen(Ref filter, Machine machine, Diagrams& diagrams);

/// The calls by which memory becomes executable that was, or is still, writable: what PR_SET_MDWE refuses where a
/// kernel has it, and more (every mprotect to executable memory). By number, whatever names a policy gives them.
Ref exec_gain(Machine machine, Diagrams& diagrams);

}  // namespace bulkhead::decode::seccomp
