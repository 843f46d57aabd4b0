#include "runtime-bridge/sandbox/first_process.h"

#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>

#include "runtime-bridge/sandbox/filter.h"
#include "runtime-bridge/sandbox/kernel.h"
#include "runtime-bridge/sandbox/landlock.h"
#include "runtime-bridge/sandbox/privilege.h"
#include "runtime-bridge/sandbox/root.h"
#include "runtime-bridge/sandbox/time_slice.h"

namespace bulkhead::sandbox {

namespace {

constexpr int kSync = 3, kProgram = 4;  // where the program's two descriptors end up

/// This process is a copy of the supervisor: /proc must show neither its arguments nor its environment.
void forget_caller(const Plan& plan) {
  volatile char* byte = reinterpret_cast<volatile char*>(plan.caller_begin);
  for (std::uintptr_t at = plan.caller_begin; at < plan.caller_end; ++at) *byte++ = 0;
}

/// With the word that the id maps stand come the `tasks` files of this run's groups.
void wait_for_maps(Plan& plan, Rendezvous& page) {
  char word[2] = {0, 0};
  iovec part{word, sizeof word};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof plan.cgroup_tasks)];
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  ssize_t count = 0;
  do {
    count = ::recvmsg(plan.sync, &header, MSG_CMSG_CLOEXEC);
  } while (count < 0 && errno == EINTR);
  if (count != sizeof word || word[0] != kMapsWritten) give_up(page, Step::MapIds, EPIPE);
  const cmsghdr* files = CMSG_FIRSTHDR(&header);
  const std::size_t bytes = files == nullptr ? 0 : files->cmsg_len - CMSG_LEN(0);
  const bool whole = (header.msg_flags & MSG_CTRUNC) == 0 && bytes == static_cast<std::size_t>(word[1]) * sizeof(int);
  if (!whole || bytes > sizeof plan.cgroup_tasks) give_up(page, Step::JoinCgroup, EMFILE);
  if (bytes > 0) std::memcpy(plan.cgroup_tasks.data(), CMSG_DATA(files), bytes);
}

void join_cgroups(const Plan& plan, Rendezvous& page) {
  // One thread moving itself takes no lock of all processes, unlike a write of its pid by somebody else.
  for (std::size_t i = 0; i < plan.cgroup_tasks.size() && plan.cgroup_tasks[i] >= 0; ++i) {
    require(page, plan.fault, Step::JoinCgroup, ::write(plan.cgroup_tasks[i], "0", 1), static_cast<int>(i));
  }
  if (!plan.shared_namespaces[6]) {
    require(page, plan.fault, Step::CgroupNamespace, ::unshare(CLONE_NEWCGROUP));
  }
}

/// With the supervisor gone, everything here goes too: this process is killed, and the kernel kills its namespace.
void die_with_parent(const Plan& plan, Rendezvous& page) {
  require(page, plan.fault, Step::ParentDeath, ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
  pollfd peer{plan.sync, 0, 0};
  if (::poll(&peer, 1, 0) < 0 || (peer.revents & POLLHUP) != 0) give_up(page, Step::ParentDeath, EPIPE);
}

/// The first process to the program's: the own root stands, and is the root of both.
void show_root(Rendezvous& page) {
  page.root_stands.store(1, std::memory_order_release);
  ::syscall(SYS_futex, &page.root_stands, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

/// Should the first process give up instead, the kernel ends this one.
void await_root(Rendezvous& page) {
  while (page.root_stands.load(std::memory_order_acquire) == 0) {
    ::syscall(SYS_futex, &page.root_stands, FUTEX_WAIT, 0, nullptr, nullptr, 0);
  }
}

int open_program(const Plan& plan, Rendezvous& page) {
  int worst = ENOENT;
  for (const std::string& candidate : plan.candidates) {
    const int program = ::open(candidate.c_str(), O_PATH | O_CLOEXEC);
    if (program < 0) {
      if (errno != ENOENT && errno != ENOTDIR) worst = errno;
      continue;
    }
    struct stat found;
    if (::fstat(program, &found) == 0 && S_ISREG(found.st_mode) && (found.st_mode & 0111) != 0) return program;
    worst = EACCES;
    ::close(program);
  }
  give_up(page, Step::OpenProgram, worst);
}

[[noreturn]] void leave() {
  // The filter may deny either call to a program; a trap needs no call.
  for (;;) {
    ::syscall(SYS_exit_group, 127);
    ::syscall(SYS_exit, 127);
    __builtin_trap();
  }
}

/// Streams on 0 to 2, the socket on 3, and of the supervisor's many descriptors none: the program's own limit of open
/// files, set next, could not hold them.
void shed_descriptors(Plan& plan, Rendezvous& page) {
  for (int stream = 0; stream < 3; ++stream) {
    require(page, plan.fault, Step::ConnectStreams, ::dup2(plan.streams[static_cast<std::size_t>(stream)], stream),
            stream);
  }
  if (plan.sync != kSync) require(page, plan.fault, Step::ConnectStreams, ::dup3(plan.sync, kSync, O_CLOEXEC));
  plan.sync = kSync;
  require(page, plan.fault, Step::ConnectStreams, ::syscall(SYS_close_range, kSync + 1, ~0U, 0));
}

[[noreturn]] void become_program(Plan& plan, Rendezvous& page) {
  shed_descriptors(plan, page);
  require(page, plan.fault, Step::StartProgram, ::write(kSync, &kStarted, 1));
  fresh_session(plan, page);
  await_root(page);
  const int program = open_program(plan, page);
  require(page, plan.fault, Step::OpenProgram, program);
  require(page, plan.fault, Step::EnterFolder, ::chdir(plan.working_folder.c_str()));
  drop_privileges(plan, page);
  restrict_by_landlock(plan, page);
  try_sentinels(plan, page);
  die_with_parent(plan, page);
  require(page, plan.fault, Step::CloseDescriptors, program == kProgram ? 0 : ::dup3(program, kProgram, O_CLOEXEC));
  require(page, plan.fault, Step::CloseDescriptors, ::syscall(SYS_close_range, kProgram + 1, ~0U, 0));
  prefer_slice(kUsualSlice);
  require(page, plan.fault, Step::CloseDescriptors, ::write(kSync, &kParking, 1));

  const int listener = install_filter(plan.filter.data(), plan.filter.size());
  require(page, plan.fault, Step::InstallFilter, listener);
  page.listener_fd.store(listener, std::memory_order_release);
  // The park: the filter hands this call to the listener, which lets it pass after the read-back.
  ::syscall(SYS_execveat, kProgram, "", plan.argv.data(), plan.envp.data(), AT_EMPTY_PATH);
  page.exec_error.store(errno);
  leave();
}

[[noreturn]] void reap(pid_t program, Rendezvous& page) {
  std::uint64_t all = ~std::uint64_t{0};
  for (;;) {
    siginfo_t info{};
    const long signal = ::syscall(SYS_rt_sigtimedwait, &all, &info, nullptr, sizeof all);
    if (signal < 0) continue;
    if (signal != SIGCHLD) {
      // Only from outside: a sender within this namespace has a pid here.
      if (info.si_pid == 0) ::kill(program, static_cast<int>(signal));
      continue;
    }
    int status = 0;
    for (pid_t ended = ::waitpid(-1, &status, WNOHANG); ended > 0; ended = ::waitpid(-1, &status, WNOHANG)) {
      if (ended != program) continue;
      page.program_status.store(status);
      page.program_ended.store(1);
      for (;;) ::_exit(0);  // the kernel ends what is left of the namespace
    }
  }
}

}  // namespace

void run_first_process(Plan& plan, Rendezvous& page) {
  const std::uint64_t all = ~std::uint64_t{0};
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, nullptr, sizeof all);
  forget_caller(plan);
  ::close(plan.supervisors_end);  // or a supervisor that dies would be waited for: this copy keeps the socket open
  die_with_parent(plan, page);
  if (!plan.shared_namespaces[2]) require(page, plan.fault, Step::Clone, ::unshare(CLONE_NEWNET));
  wait_for_maps(plan, page);
  join_cgroups(plan, page);
  clone_sources(plan, page);
  take_user(plan, page);
  empty_capability_sets(plan, page);  // here and not in each of the two processes: they start with what is left
  // Not the library's fork: its handlers may lock and allocate.
  struct clone_args arguments {};
  arguments.exit_signal = SIGCHLD;
  const long program = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  require(page, plan.fault, Step::StartProgram, program);
  if (program == 0) become_program(plan, page);
  // Beside what the program's process does until it parks: the read-back waits for both before anything is let go.
  const int root = enter_root(plan, page);
  if (!plan.shared_namespaces[5]) {
    require(page, plan.fault, Step::SetHostname, ::sethostname("bulkhead", 8));
  }
  show_root(page);
  detach_old_root(root, plan, page);
  drop_privileges(plan, page);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  die_with_parent(plan, page);
  // Nothing stays open here but the lock of the outer uid, which lives as long as this process.
  if (plan.identity_lock >= 0 && plan.identity_lock != kSync) {
    require(page, plan.fault, Step::CloseDescriptors, ::dup3(plan.identity_lock, kSync, O_CLOEXEC));
  }
  ::syscall(SYS_close_range, plan.identity_lock >= 0 ? kSync + 1 : 0, ~0U, 0);
  if (plan.identity_lock >= 0) ::syscall(SYS_close_range, 0, 2, 0);
  reap(static_cast<pid_t>(program), page);
}

}  // namespace bulkhead::sandbox
