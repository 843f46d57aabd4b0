#include "runtime-bridge/sandbox/probe_filter.h"

#include <linux/audit.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <memory>
#include <new>

#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/filter.h"
#include "runtime-bridge/sandbox/kernel.h"

namespace bulkhead::sandbox {

namespace {

constexpr int kLastCall = 512;                                  // above every number that the native table has
constexpr std::uint64_t kArguments[] = {0, ~std::uint64_t{0}};  // two sides of every condition on arguments
constexpr int kRounds = 2;
constexpr std::int32_t kMarker = 3999;  // an errno that no system call gives: the listener's answer
constexpr int kWaitMilliseconds = 2000;
#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

/// Linux 6.14 asks no filter about these two, and kills a caller that no probe sent there: they cannot be tried.
bool passes_filters(int number) {
#if defined(__x86_64__)
  constexpr int kUretprobe = 335, kUprobe = 336;
  return number == kUretprobe || number == kUprobe;
#else
  return number < 0;
#endif
}

struct Trial {
  std::int32_t expected = 0;  // errno; 0: not tried
  std::int32_t seen = 0;
};

struct Board {  // shared with the sacrificial process
  std::atomic<std::int32_t> listener{-1};
  std::atomic<std::int32_t> finished{0};
  Trial trials[kRounds][kLastCall];
};

struct UnmapBoard {
  void operator()(Board* board) const { ::munmap(board, sizeof(Board)); }
};

void predict(const Plan& plan, Board& board) {
  for (int round = 0; round < kRounds; ++round) {
    for (int number = 0; number < kLastCall; ++number) {
      if (passes_filters(number)) continue;
      seccomp_data call{};
      call.nr = number;
      call.arch = kArchitecture;
      for (auto& argument : call.args) argument = kArguments[round];
      const std::uint32_t answer = simulate(plan.filter, call);
      Trial& trial = board.trials[round][number];
      if ((answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
        trial.expected = static_cast<std::int32_t>(answer & SECCOMP_RET_DATA);
      if ((answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF) trial.expected = kMarker;
    }
  }
}

[[noreturn]] void sacrifice(const Plan& plan, Board& board) {
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  board.listener.store(install_filter(plan.filter.data(), plan.filter.size()));
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t a = kArguments[round];
    for (int number = 0; number < kLastCall; ++number) {
      Trial& trial = board.trials[round][number];
      if (trial.expected == 0) continue;
      trial.seen = ::syscall(number, a, a, a, a, a, a) == -1 ? errno : 0;
    }
  }
  board.finished.store(1);
  for (;;) __builtin_trap();
}

/// Answers every notification with the marker until the process ends.
void answer_all(int listener, Board& board) {
  for (;;) {
    pollfd wait{listener, POLLIN, 0};
    if (::poll(&wait, 1, kWaitMilliseconds) <= 0 || (wait.revents & POLLIN) == 0) return;
    seccomp_notif request{};
    if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0) {
      if (errno == EINTR || errno == ENOENT) continue;
      return;
    }
    seccomp_notif_resp response{};
    response.id = request.id;
    response.error = -kMarker;
    ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
    if (board.finished.load() != 0) return;
  }
}

}  // namespace

Result<Unit, Refusal> probe_filter(const Plan& plan) {
  void* memory = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return fail(Refusal{Step::ProbeFilter, errno, "mmap", ""});
  const std::unique_ptr<Board, UnmapBoard> board(new (memory) Board());
  predict(plan, *board);
  int pidfd = -1;
  struct clone_args arguments {};
  arguments.flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND;
  arguments.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
  arguments.exit_signal = SIGCHLD;
  const long child = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child == 0) sacrifice(plan, *board);
  if (child < 0) return fail(Refusal{Step::ProbeFilter, errno, "clone3", ""});
  const Descriptor process(pidfd);
  for (int i = 0; i < 50'000 && board->listener.load() < 0; ++i) {
    const timespec pause{0, 20'000};
    ::nanosleep(&pause, nullptr);
  }
  const Descriptor listener(kernel::pidfd_getfd(pidfd, board->listener.load()));
  if (listener.valid()) answer_all(listener.get(), *board);
  kernel::pidfd_send_signal(pidfd, SIGKILL);
  siginfo_t info;
  while (::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED) != 0 && errno == EINTR) {
  }
  if (!listener.valid() || board->finished.load() == 0 || plan.fault == Step::ProbeFilter) {
    return fail(Refusal{Step::ProbeFilter, EIO, "the probe did not finish", ""});
  }
  for (const auto& round : board->trials) {
    for (int number = 0; number < kLastCall; ++number) {
      if (round[number].seen != round[number].expected) {
        return fail(Refusal{Step::ProbeFilter, round[number].seen, "system call " + std::to_string(number), ""});
      }
    }
  }
  return Unit{};
}

}  // namespace bulkhead::sandbox
