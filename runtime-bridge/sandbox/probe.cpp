#include "runtime-bridge/sandbox/probe.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "runtime-bridge/sandbox/cgroup.h"
#include "runtime-bridge/sandbox/filter.h"
#include "runtime-bridge/sandbox/kernel.h"

namespace bulkhead::sandbox {

namespace {

/// Runs `attempt` in a child with `clone_flags`; its errno, 0 for success. The child calls nothing but the kernel.
int tried(std::uint64_t clone_flags, int (*attempt)()) {
  struct clone_args arguments {};
  arguments.flags = clone_flags;
  arguments.exit_signal = SIGCHLD;
  const long child = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child < 0) return errno;
  if (child == 0) ::_exit(attempt());
  int status = 0;
  while (::waitpid(static_cast<pid_t>(child), &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EFAULT;
}

int error_of(long result) {
  return result < 0 ? errno : 0;
}

int nothing() {
  return 0;
}
int new_mount_api() {
  const long context = kernel::fsopen("tmpfs");
  if (context < 0) return errno;
  if (kernel::fsconfig_create(static_cast<int>(context)) < 0) return errno;
  const long mount = kernel::fsmount(static_cast<int>(context), MOUNT_ATTR_NODEV);
  if (mount < 0) return errno;
  return error_of(kernel::set_mount_attributes(static_cast<int>(mount), MOUNT_ATTR_RDONLY));
}
int private_proc() {
  const long context = kernel::fsopen("proc");
  if (context < 0) return errno;
  if (kernel::fsconfig_text(static_cast<int>(context), "subset", "pid") < 0) return errno;
  if (kernel::fsconfig_create(static_cast<int>(context)) < 0) return errno;
  return error_of(kernel::fsmount(static_cast<int>(context), MOUNT_ATTR_NODEV));
}
int listener() {
  static constexpr sock_filter kAllow[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  return error_of(install_filter(kAllow, 1));
}
int write_execute() {
  return error_of(::prctl(kernel::kPrSetMdwe, kernel::kMdweRefuseExecGain, 0, 0, 0));
}
int close_range_call() {
  return error_of(::syscall(SYS_close_range, 1000, 1001, 0));
}

bool in_path(const char* program) {
  for (const char* folder : {"/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"}) {
    if (::access((std::string(folder) + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

Mechanism mechanism(const char* name, int error, const char* works, const char* remedy, bool enhanced_only = false) {
  Mechanism made;
  made.name = name;
  made.support = error == 0 ? Support::Works : Support::Missing;
  made.detail = error == 0 ? works : std::strerror(error);
  made.remedy = error == 0 ? "" : remedy;
  made.standard = !enhanced_only;
  made.enhanced = true;
  return made;
}

Mechanism probe_landlock() {
  const long version = kernel::landlock_abi();
  Mechanism made =
      mechanism("Landlock", version < 1 ? errno : 0, "", "boot with landlock among the active LSMs (lsm=landlock,...)");
  if (version >= 1) made.detail = "ABI " + std::to_string(version);
  if (version >= 1 && version < 3) made.detail += ": policies that grant writing in parts of a mount are refused";
  return made;
}

Mechanism probe_limits() {
  const CgroupTree tree = find_cgroups();
  const bool v1 =
      !tree.memory.empty() && !tree.pids.empty() && !tree.cpu.empty() && ::access(tree.memory.c_str(), W_OK) == 0;
  const bool v2 = find_ground(tree, ::geteuid() == 0).ground != Ground::None;
  return mechanism("cgroup limits", v1 || v2 ? 0 : EACCES, v1 ? "version 1 hierarchies" : "version 2 group",
                   kRemedyWithoutGroup);
}

}  // namespace

bool denies_exec_gain() {
  return tried(0, write_execute) == 0;
}

unsigned landlock_version() {
  const long version = kernel::landlock_abi();
  return version < 1 ? 0 : static_cast<unsigned>(version);
}

std::vector<Mechanism> probe_mechanisms() {
  constexpr std::uint64_t kOwn = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID;
  std::vector<Mechanism> all;
  all.push_back(
      mechanism("user namespaces", tried(CLONE_NEWUSER, nothing), "",
                "allow them: sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone; a chroot has none"));
  all.push_back(mechanism("pid, mount, net, ipc, uts namespaces",
                          tried(kOwn | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS, nothing), "",
                          "use a kernel with every namespace"));
  all.push_back(mechanism("mounts by descriptor", tried(kOwn, new_mount_api), "", "use Linux 5.12 or newer"));
  all.push_back(mechanism("private /proc", tried(kOwn, private_proc), "subset=pid",
                          "nothing may be mounted over parts of /proc"));
  all.push_back(
      mechanism("seccomp listener", tried(0, listener), "", "use Linux 5.6 or newer, outside another listener"));
  all.push_back(mechanism("close_range", tried(0, close_range_call), "", "use Linux 5.9 or newer"));
  all.push_back(probe_landlock());
  all.push_back(probe_limits());
  // Without PR_SET_MDWE (Linux 6.3) it is proved of the filter, or the run is refused.
  all.push_back(mechanism("no writable and executable memory", 0,
                          denies_exec_gain() ? "PR_SET_MDWE" : "the filter alone", "", true));
  Mechanism exact = mechanism("exact filter read-back", ::geteuid() == 0 ? 0 : EPERM, "PTRACE_SECCOMP_GET_FILTER",
                              "run as root; otherwise the filter is probed call by call");
  if (exact.support == Support::Missing) exact.support = Support::NotNeeded;
  exact.standard = exact.enhanced = false;
  all.push_back(exact);
  Mechanism gvisor =
      mechanism("runsc (gVisor)", in_path("runsc") ? 0 : ENOENT, "", "install runsc (Debian: apt-get install runsc)");
  gvisor.standard = gvisor.enhanced = false;
  gvisor.maximum = true;
  all.push_back(gvisor);
  // Only a policy with grants of connections needs these at level maximum; such a run is refused without them.
  Mechanism peer =
      mechanism("connections at level maximum", in_path("ip") && in_path("nft") ? 0 : ENOENT, "iproute2, nft",
                "install them (Debian: apt-get install iproute2 nftables), or connect at another level");
  if (peer.support == Support::Missing) peer.support = Support::NotNeeded;
  peer.standard = peer.enhanced = false;
  all.push_back(peer);
  return all;
}

Caller probe_caller() {
  if (::geteuid() == 0) return Caller::Root;
  return find_ground(find_cgroups(), false).ground != Ground::None ? Caller::DelegatedUser : Caller::User;
}

std::vector<LevelSupport> level_support(Caller caller, const std::vector<Mechanism>& mechanisms) {
  std::vector<LevelSupport> levels;
  for (const table::Level level : {table::Level::Standard, table::Level::Enhanced, table::Level::Maximum}) {
    LevelSupport made{level, true, "all layers"};
    if (level == table::Level::Maximum && caller == Caller::DelegatedUser) made.text = "no network";
    if (level == table::Level::Maximum && caller == Caller::User) {
      made.available = false;
      made.text = "refused: needs root, or a delegated cgroup v2";
    }
    for (const Mechanism& mechanism : mechanisms) {
      const bool needed = level == table::Level::Standard   ? mechanism.standard
                          : level == table::Level::Enhanced ? mechanism.enhanced
                                                            : mechanism.maximum;
      if (!needed || mechanism.support != Support::Missing || !made.available) continue;
      made.available = false;
      made.text = "refused: " + mechanism.name + ": " + mechanism.detail;
    }
    levels.push_back(made);
  }
  return levels;
}

}  // namespace bulkhead::sandbox
