#include "runtime-bridge/sandbox/privilege.h"

#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/securebits.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <csignal>

#include "runtime-bridge/sandbox/kernel.h"

namespace bulkhead::sandbox {

namespace {

constexpr unsigned long kLockedBits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
                                      SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
                                      SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;

/// The raw calls: the C library's would signal every thread that it believes this process still has.
long set_ids(const Plan& plan) {
  if (::syscall(SYS_setresgid, plan.inner_group, plan.inner_group, plan.inner_group) != 0) return -1;
  return ::syscall(SYS_setresuid, plan.inner_user, plan.inner_user, plan.inner_user);
}

bool kept(const Plan& plan, unsigned capability) {
  return capability < 64 && (plan.kept_capabilities >> capability & 1) != 0;
}

void set_capabilities(const Plan& plan, Rendezvous& page, bool keep_setpcap) {
  std::uint64_t sets = plan.kept_capabilities;
  if (keep_setpcap) sets |= std::uint64_t{1} << CAP_SETPCAP;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  for (unsigned i = 0; i < 2; ++i) {
    data[i].effective = data[i].permitted = static_cast<__u32>(sets >> (32 * i));
    data[i].inheritable = static_cast<__u32>(plan.kept_capabilities >> (32 * i));
  }
  require(page, plan.fault, Step::EmptyCapabilities, ::syscall(SYS_capset, &header, data));
}

}  // namespace

void take_user(const Plan& plan, Rendezvous& page) {
  // The user namespace maps one id; where it is not 0, changing to it clears no capability.
  require(page, plan.fault, Step::TakeUser, ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
  require(page, plan.fault, Step::TakeUser, set_ids(plan));
}

void fresh_session(const Plan& plan, Rendezvous& page) {
  require(page, plan.fault, Step::NewSession, ::setsid());
  if (::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) < 0 && errno != ENOSYS) {
    give_up(page, Step::NewKeyring, errno);
  }
  require(page, plan.fault, Step::NewKeyring, 0);
  ::umask(022);
  if (plan.terminal) require(page, plan.fault, Step::ConnectStreams, ::ioctl(0, TIOCSCTTY, 0));
  for (const ResourceLimit& limit : plan.resource_limits) {
    struct rlimit now;
    require(page, plan.fault, Step::SetResourceLimits,
            ::getrlimit(static_cast<__rlimit_resource>(limit.resource), &now), limit.resource);
    const rlim_t value = now.rlim_max < limit.value ? now.rlim_max : limit.value;
    const struct rlimit next { value, value };
    require(page, plan.fault, Step::SetResourceLimits,
            ::setrlimit(static_cast<__rlimit_resource>(limit.resource), &next), limit.resource);
  }
  struct kernel_sigaction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    std::uint64_t mask;
  } defaults{};
  for (int signal = 1; signal <= 64; ++signal) {
    ::syscall(SYS_rt_sigaction, signal, &defaults, nullptr, sizeof(std::uint64_t));  // KILL and STOP refuse, rightly
  }
  const std::uint64_t nothing = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &nothing, nullptr, sizeof nothing);
}

void empty_capability_sets(const Plan& plan, Rendezvous& page) {
  for (unsigned capability = 0; capability < 64; ++capability) {
    if (kept(plan, capability)) continue;
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
      if (errno == EINVAL) break;  // past the kernel's last one
      give_up(page, Step::EmptyCapabilities, errno, static_cast<int>(capability));
    }
  }
  require(page, plan.fault, Step::EmptyCapabilities, ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
}

/// Memory that was written is never executed. Where the kernel has no word for it (Linux before 6.3), the filter has to
/// refuse every such call, which was proved of a table that says so; what a filter cannot see is the inherited
/// personality.
void deny_exec_gain(const Plan& plan, Rendezvous& page) {
  const int denied = ::prctl(kernel::kPrSetMdwe, kernel::kMdweRefuseExecGain, 0, 0, 0);
  if (denied != 0 && errno == EINVAL && plan.exec_gain_by_filter) {
    require(page, plan.fault, Step::DenyWriteExecute, ::personality(PER_LINUX));
    return;
  }
  require(page, plan.fault, Step::DenyWriteExecute, denied);
  // Nobody else can ask the kernel whether it holds, so it is tried.
  void* page_of_ours = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page_of_ours == MAP_FAILED || ::mprotect(page_of_ours, 4096, PROT_READ | PROT_EXEC) == 0) {
    give_up(page, Step::DenyWriteExecute, EINVAL);
  }
  ::munmap(page_of_ours, 4096);
}

void drop_privileges(const Plan& plan, Rendezvous& page) {
  require(page, plan.fault, Step::TakeUser, set_ids(plan));
  set_capabilities(plan, page, true);
  for (unsigned capability = 0; capability < 64; ++capability) {
    if (!kept(plan, capability)) continue;
    require(page, plan.fault, Step::EmptyCapabilities, ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0));
  }
  require(page, plan.fault, Step::LockSecurebits, ::prctl(PR_SET_SECUREBITS, kLockedBits, 0, 0, 0));
  set_capabilities(plan, page, false);
  require(page, plan.fault, Step::NoNewPrivileges, ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  if (plan.deny_write_execute) deny_exec_gain(plan, page);
}

}  // namespace bulkhead::sandbox
