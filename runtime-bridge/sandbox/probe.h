// What this machine can enforce: `bulkhead doctor`. Each mechanism is tried, not looked up by version.
#pragma once

#include <string>
#include <vector>

#include "runtime-bridge/table/table.h"

namespace bulkhead::sandbox {

enum class Support : std::uint8_t { Works, Missing, NotNeeded };

struct Mechanism {
  std::string name;  // "user namespaces"
  Support support = Support::Missing;
  std::string detail;     // "Landlock ABI 7", or what failed
  std::string remedy;     // "" where it works
  bool standard = false;  // levels that rest on it
  bool enhanced = false;
  bool maximum = false;
};

/// Every mechanism, tried with this process's own privileges; each try happens in a child that ends at once.
std::vector<Mechanism> probe_mechanisms();

/// The version of Landlock's interface that this kernel has; 0 where it has none.
unsigned landlock_version();

/// Whether this kernel can keep memory from becoming executable by itself (PR_SET_MDWE, Linux 6.3). Costs a process.
bool denies_exec_gain();

enum class Caller : std::uint8_t { Root, DelegatedUser, User };
/// Who runs this process, by effective user and writable cgroup v2 with memory, pids and cpu.
Caller probe_caller();

struct LevelSupport {
  table::Level level = table::Level::Standard;
  bool available = false;
  std::string text;  // "all layers", "no network", or the first mechanism that is missing
};
/// The row of the support table that holds for `caller` with these mechanisms.
std::vector<LevelSupport> level_support(Caller caller, const std::vector<Mechanism>& mechanisms);

}  // namespace bulkhead::sandbox
