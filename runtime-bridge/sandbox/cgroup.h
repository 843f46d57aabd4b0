// The control group of one run: memory without swap, CPU quota, processes; v1 hierarchies or a v2 group that is ours.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {

/// Where each controller is mounted, and the caller's own group in it.
struct CgroupTree {
  std::string memory, cpu, pids;      // folder of the caller's group in the v1 hierarchy; "" if there is none
  std::string unified, unified_root;  // the caller's own group in v2, and the top that is mounted; "" if there is none
};

/// What has to be done before a v2 group with a limit of memory, processes and CPU can be made below a folder.
enum class Ground : std::uint8_t {
  None,    // nothing can be made
  Ready,   // the folder hands the three controllers down
  Enable,  // it has them, and may hand them down: it is the hierarchy's root, or nobody is in it
  Vacate,  // as before, once the calling process, which is alone in it, has moved into a leaf
};
struct UnifiedGround {
  Ground ground = Ground::None;
  std::string parent;
};

/// The caller's own group; for root (`privileged`) else the top of the hierarchy. Changes nothing.
UnifiedGround find_ground(const CgroupTree& tree, bool privileged);

/// Reads /proc/self/cgroup and /proc/self/mountinfo. Never fails: what is missing is "".
CgroupTree find_cgroups();
/// The same of the texts of these two files.
CgroupTree find_cgroups(const std::string& groups, const std::string& mounts);

/// For a caller who can have no group at levels standard and enhanced.
inline constexpr const char* kRemedyWithoutGroup =
    "run as root, start it alone in a delegated group (systemd-run --user --scope -p Delegate=yes), or accept limits "
    "of "
    "each process: `degrade memory:rlimit;` in a policy, `\"degrade\": [\"memory:rlimit\"]` in a capability file";

class Cgroup {
 public:
  Cgroup() = default;
  /// Which groups the table's limits need and this machine has; none of them is made yet.
  ///
  /// Ensures: ok => make() writes every limit of memory, CPU and pids, or `degraded` names what the table gives up.
  static Result<Cgroup, Refusal> choose(const table::Table& table, const CgroupTree& tree,
                                        std::vector<std::string>& degraded);
  /// Requires: chosen for these limits and this tree. What was made is removed with this, also after a failure.
  Result<Unit, Refusal> make(const table::Limits& limits, const CgroupTree& tree, const std::string& run_id,
                             Step fault);
  /// choose() and make() in a row.
  static Result<Cgroup, Refusal> create(const table::Table& table, const CgroupTree& tree, const std::string& run_id,
                                        Step fault, std::vector<std::string>& degraded);
  /// The first process is born in a v2 group; groups of v1 it joins itself, so they may be made beside it.
  bool before_clone() const { return kind_ == Kind::Version2; }
  /// A v2 group that stands already: it is this run's from here on.
  static Result<Cgroup, Refusal> take_v2(const std::string& folder, const table::Limits& limits);
  Cgroup(Cgroup&& other) noexcept { *this = std::move(other); }
  Cgroup& operator=(Cgroup&&) noexcept;
  ~Cgroup() { destroy(); }

  /// v1: `tasks` files, open for writing, that the first process writes itself into.
  std::vector<int> tasks() const;
  /// v2: the folder for CLONE_INTO_CGROUP, or -1.
  int into() const { return unified_.get(); }
  /// Readable when the memory limit made the kernel kill a process (v1 eventfd), or -1.
  int oom_event() const { return oom_event_.get(); }

  std::uint64_t oom_kills() const;    // from the kernel's counter
  std::uint64_t peak_memory() const;  // bytes charged at most
  std::uint64_t pids_refused() const;
  bool limits_memory() const { return memory_limited_; }

  /// Reads the limits back from the kernel and checks that `pids` are in every group.
  Result<Unit, Refusal> verify(const std::vector<pid_t>& pids, const table::Limits& limits) const;

  /// Kills what is left and removes the groups. Waits a little for the kernel to let go of dead processes.
  void destroy();

 private:
  Result<Unit, Refusal> make_v1(const CgroupTree& tree, const table::Limits& limits, const std::string& name,
                                Step fault);
  Result<Unit, Refusal> make_v2(const table::Limits& limits, const std::string& name, Step fault);
  Result<Unit, Refusal> prepare_ground(const std::string& name);
  void move_back();
  Result<Unit, Refusal> limit_v2(const std::string& folder, const table::Limits& limits, Step fault);

  std::string memory_, cpu_, pids_;  // v1 folders, or all the same v2 folder
  std::vector<std::string> folders_;
  UnifiedGround ground_;
  std::string leaf_;  // where the supervisor is while the run lasts; "" if it stayed
  std::vector<Descriptor> tasks_;
  Descriptor unified_, oom_event_, oom_control_;
  enum class Kind : std::uint8_t { None, Version1, Version2 };
  Kind kind_ = Kind::None;
  bool memory_limited_ = false;
};

/// What a run calls its groups: its supervisor's pid, when that was started, the pid namespace in which both mean
/// something, and the run. "" where the supervisor cannot read this about itself.
std::string group_name(const std::string& run_id);

/// Whether the supervisor in a group's name is certainly dead, as `processes` (the folder /proc) tells. What cannot be
/// read, or belongs to another pid namespace, is taken for alive: the mistake would kill somebody's sandbox.
bool owner_is_dead(const std::string& name, const std::string& processes = "/proc");

/// Kills every member of the group in folder `group`.
void kill_members(const std::string& group);

/// Removes groups of runs whose supervisor is dead, after killing what is in them. Returns how many.
unsigned sweep_cgroups(const CgroupTree& tree);

}  // namespace bulkhead::sandbox
