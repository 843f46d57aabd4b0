// All that the sandbox's own processes need, prepared before the clone: between clone and exec they only read it.
//
// Nothing there allocates, locks or throws, so every string stands ready with its final zero byte.
#pragma once

#include <linux/filter.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {

/// One act of building the own root. Paths are relative to the new root, without a leading slash.
struct RootOp {
  enum class Kind : std::uint8_t { Folder, Link, File, Bind, Tmpfs, Proc };
  Kind kind = Kind::Folder;
  std::string path;
  std::string text;              // Link: target. File: contents. Bind: source on the host. Tmpfs: size in bytes
  std::uint64_t attributes = 0;  // MOUNT_ATTR_*: what the finished mount must have
  mode_t mode = 0755;
  bool folder = false;           // Bind: the source is a folder
  bool from_supervisor = false;  // Bind: `tree` was made by the supervisor (id-mapped)
  bool target_exists = false;    // Bind: below another mount, so never created
  dev_t device = 0;              // Bind: identity of the source when the policy object was opened
  ino_t inode = 0;
  int tree = -1;  // Bind: the detached mount
};

struct ResourceLimit {
  int resource = 0;
  rlim_t value = 0;
};

struct LandlockPlan {
  bool install = false;
  std::uint64_t handled_fs = 0, handled_net = 0, scoped = 0;
  std::size_t ruleset_size = 0;  // what this kernel's ABI takes
  struct Rule {
    std::string path;
    std::uint64_t access = 0;
    bool file_only = false;
  };
  std::vector<Rule> rules;
  std::vector<table::LandlockPort> ports;
  /// An object that is opened for reading after the restriction, with the verdict that the rules give.
  struct Sentinel {
    std::string path;
    bool allowed = false;
  };
  std::vector<Sentinel> sentinels;
  bool connect_denied = false;  // TCP to port 1 must be refused by Landlock
  bool signal_denied = false;   // a signal to the first process must be refused by Landlock
};

struct Plan {
  std::vector<RootOp> root;
  bool root_readonly = true;
  std::string root_bytes;  // size of the own root's tmpfs

  std::array<bool, 7> shared_namespaces{};  // order of Table::namespaces
  uid_t inner_user = 0;
  gid_t inner_group = 0;
  std::uint64_t kept_capabilities = 0;
  bool deny_write_execute = false;
  bool exec_gain_by_filter = false;  // where the kernel has no PR_SET_MDWE
  bool terminal = false;

  std::vector<ResourceLimit> resource_limits;
  LandlockPlan landlock;
  std::vector<sock_filter> filter;

  std::string working_folder;
  std::vector<std::string> candidates;  // where the program may be, in order, as the sandbox sees it
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::vector<char*> argv;  // into the two above, with the final null
  std::vector<char*> envp;

  std::array<int, 3> cgroup_tasks{-1, -1, -1};  // v1: `tasks` files that the first process is given to join by
  std::array<int, 3> streams{-1, -1, -1};
  int sync = -1;  // the sandbox's end of the socket to the supervisor
  int supervisors_end =
      -1;  // the other one, of which no copy may stay in the sandbox: its closing is the supervisor's end
  int identity_lock = -1;  // kept by the first process: the uid stays taken while it lives
  Step fault = Step::None;

  // The caller's arguments and environment, wiped from the sandbox's copy of this process.
  std::uintptr_t caller_begin = 0, caller_end = 0;
};

/// Makes the parts of the plan that follow from the table and the options alone.
///
/// Ensures: ok => the filter hands execveat to the listener (the program parks there), every path is absolute and free
/// of
///          `..`, and no writable mount shows what another mount shows.
Result<Plan, Refusal> make_plan(const table::Table& table, const RunOptions& options);

}  // namespace bulkhead::sandbox
