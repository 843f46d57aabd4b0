// Attacks on processes and on privilege: process PID SECRET, a process of the host and a file that holds "SECRET".
#include "attack.h"

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <dirent.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <termios.h>

static pid_t host;
static const char* secret;

static int signal_host(void) { return result(kill(host, 0)); }
static int trace_host(void) { return result(ptrace(PTRACE_SEIZE, host, 0, 0)); }
static int trace_parent(void) { return result(ptrace(PTRACE_SEIZE, getppid(), 0, 0)); }
static int traced(void) { return result(ptrace(PTRACE_TRACEME, 0, 0, 0)); }
static int parent_memory(void) {
  char byte;
  struct iovec here = {&byte, 1}, there = {(void*)&secret, 1};  // the parent has it at the same place
  return result(process_vm_readv(getppid(), &here, 1, &there, 1, 0));
}
static int host_descriptor(void) {
  const int fd = (int)syscall(SYS_pidfd_open, host, 0);
  return fd < 0 ? errno : result(syscall(SYS_pidfd_getfd, fd, 0, 0));
}
static int many_processes(void) {
  DIR* folder = opendir("/proc");
  int count = 0;
  if (folder == NULL) return errno;
  for (struct dirent* entry; (entry = readdir(folder)) != NULL;) count += entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
  return count > 4 ? 0 : 254;
}
static int user_namespace(void) { return result(unshare(CLONE_NEWUSER)); }
static int cloned_namespace(void) {
  const long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  return result(child);
}
static int cloned3_namespace(void) {
  struct clone_args arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
  const long child = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child == 0) _exit(0);
  return result(child);
}
static int joined_namespace(void) {
  const int fd = open("/proc/self/ns/user", O_RDONLY);
  if (fd < 0) return errno;
  return setns(fd, 0) == 0 || errno == EINVAL ? 0 : errno;  // EINVAL: it was looked at
}
static int key_ring(void) { return result(syscall(SYS_keyctl, 0, -3, 1)); }
static int new_key(void) { return result(syscall(SYS_add_key, "user", "bulkhead-test", "x", 1UL, -1)); }
static int typed_terminal(void) { return ioctl(0, TIOCSTI, "x") == 0 || errno == ENOTTY || errno == EIO ? 0 : errno; }
static int typed_terminal_wide(void) {
  return syscall(SYS_ioctl, 0UL, 0x100000000UL | TIOCSTI, "x") == 0 || errno == ENOTTY || errno == EIO ? 0 : errno;
}
static int kernel_program(void) {
  char attributes[128] = {0};
  const long loaded = syscall(SYS_bpf, 5, attributes, sizeof attributes);  // older kernels look for the licence first
  return loaded >= 0 || errno == EINVAL || errno == E2BIG || errno == EFAULT ? 0 : errno;
}
static int counters(void) {
  char attributes[128] = {0};
  *(unsigned*)(attributes + 4) = 128;
  return syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0UL) >= 0 || errno == ENOENT || errno == EOPNOTSUPP ? 0 : errno;
}
static int page_faults(void) { return result(syscall(SYS_userfaultfd, 1)); }
static int become_root(void) { return result(setuid(0)); }
static int drop_groups(void) { return result(syscall(SYS_setgroups, 0, NULL)); }
static int own_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
  if (syscall(SYS_capget, &header, data) != 0) return errno;
  return data[0].permitted != 0 || data[0].effective != 0 ? 0 : 254;
}
static int negative_nice(void) { return result(setpriority(PRIO_PROCESS, 0, -5)); }
static struct sock_filter kAllow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
static const struct sock_fprog kAllowAll = {1, kAllow};
static int second_listener(void) {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return result(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &kAllowAll));
}
static int wider_filter(void) {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &kAllowAll);
  return reads(open(secret, O_RDONLY), "SECRET");
}
static int signal_first(void) { return getpid() > 100 && geteuid() == 0 ? 253 : result(kill(1, SIGTERM)); }  // inside only
static int more_descriptors(void) {
  for (int fd = 3; fd < 1024; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) return 0;
  }
  return 254;
}
static int host_swap(void) { return syscall(SYS_swapoff, "/none") == 0 || errno == ENOENT ? 0 : errno; }
static int host_modules(void) { return syscall(SYS_delete_module, "bulkhead-none", 0) == 0 || errno == ENOENT ? 0 : errno; }
static int host_name(void) { return result(sethostname("x", 1)); }
static int host_log(void) { return result(syscall(SYS_syslog, 10, NULL, 0)); }

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  host = atoi(argv[1]);
  secret = argv[2];
#define TRY(name) attempt(#name, name)
  TRY(signal_host); TRY(trace_host); TRY(trace_parent); TRY(traced); TRY(parent_memory); TRY(host_descriptor);
  TRY(many_processes); TRY(user_namespace); TRY(cloned_namespace); TRY(cloned3_namespace); TRY(joined_namespace);
  TRY(key_ring); TRY(new_key); TRY(typed_terminal); TRY(typed_terminal_wide); TRY(kernel_program); TRY(counters);
  TRY(page_faults); TRY(become_root); TRY(drop_groups); TRY(own_capabilities); TRY(negative_nice);
  TRY(second_listener); TRY(wider_filter); TRY(signal_first); TRY(more_descriptors); TRY(host_swap);
  TRY(host_modules); TRY(host_name); TRY(host_log);
  return 0;
}
