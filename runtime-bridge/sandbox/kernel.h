// System calls that the C library does not wrap, and kernel constants newer than Debian 12's headers.
//
// Everything here is usable between clone and exec: no allocation, no lock, no errno translation beyond the kernel's
// own.
#pragma once

#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdint>

namespace bulkhead::sandbox::kernel {

inline constexpr int kPrSetMdwe = 65;  // PR_SET_MDWE, Linux 6.3
inline constexpr int kPrGetMdwe = 66;
inline constexpr unsigned long kMdweRefuseExecGain = 1;
inline constexpr std::uint64_t kLandlockExecute = 1 << 0;
inline constexpr std::uint64_t kLandlockReadFile = 1 << 2, kLandlockReadDir = 1 << 3;
/// Rights that a rule on something else than a folder may name (execute, write, read, truncate, ioctl_dev).
inline constexpr std::uint64_t kLandlockFileRights = 1 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15;
inline constexpr std::uint64_t kLandlockConnectTcp = 2;
inline constexpr std::uint64_t kLandlockScopeSignal = 2;

struct LandlockRuleset {  // ABI 6; older kernels take a prefix
  std::uint64_t handled_fs = 0;
  std::uint64_t handled_net = 0;
  std::uint64_t scoped = 0;
};
struct LandlockPortRule {
  std::uint64_t access = 0;
  std::uint64_t port = 0;
};
inline constexpr int kLandlockRulePort = 2;

inline long landlock_abi() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

inline long open_tree(int folder, const char* path, unsigned flags) {
  return ::syscall(SYS_open_tree, folder, path, flags);
}
inline long move_mount(int from, int to_folder, const char* to) {
  return ::syscall(SYS_move_mount, from, "", to_folder, to, MOVE_MOUNT_F_EMPTY_PATH);
}
inline long set_mount_attributes(int mount, std::uint64_t set, std::uint64_t user_namespace = 0) {
  struct mount_attr attributes {};
  attributes.attr_set = set;
  attributes.userns_fd = user_namespace;
  return ::syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH, &attributes, sizeof attributes);
}
inline long fsopen(const char* type) {
  return ::syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
}
inline long fsconfig_text(int context, const char* key, const char* value) {
  return ::syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, key, value, 0);
}
inline long fsconfig_create(int context) {
  return ::syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0);
}
inline long fsmount(int context, std::uint64_t attributes) {
  return ::syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, static_cast<unsigned>(attributes));
}

inline int pidfd_open(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}
inline int pidfd_getfd(int pidfd, int fd) {
  return static_cast<int>(::syscall(SYS_pidfd_getfd, pidfd, fd, 0));
}
inline long pidfd_send_signal(int pidfd, int signal) {
  return ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0);
}

}  // namespace bulkhead::sandbox::kernel
