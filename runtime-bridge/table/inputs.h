// What a table holds beside the policy: what the run knows. The emitter writes it, the proof holds the table against
// it.
#pragma once

#include <string>
#include <vector>

#include "lang/base/sha256.h"
#include "runtime-bridge/table/bpf.h"
#include "runtime-bridge/table/landlock_access.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::table {

struct Inputs {
  Digest policy{};                             // of all sources that were proved
  Digest certificates{};                       // of the certificates that were accepted
  bpf::Machine native = bpf::Machine::X86_64;  // whose numbers the syscall rows have
  std::vector<ClosurePath> closure;            // the program's runtime closure; sentences as in World::sentences
  /// What the kernel itself executes when the runtime starts the program: the program and its ELF interpreter. No rule
  /// need permit it, and none is made of it: Landlock lets it through, and the listener lets it through once.
  std::vector<std::string> started;
  std::string nftables;
  unsigned landlock_abi = landlock::kNewestAbi;  // of the kernel that is to enforce it: what it lacks is not counted on
  bool exec_gain_by_filter =
      false;  // that kernel has no PR_SET_MDWE: the filter alone has to keep memory from becoming code
};

}  // namespace bulkhead::table
