#include "runtime-bridge/sandbox/maximum_init_filter.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace bulkhead::sandbox {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kAddresses = std::uint64_t{1} << 47;   // of a process, on every machine of ours
constexpr std::uint64_t kPlaceBytes = std::uint64_t{2} << 20;  // a path, or pointers: an exec takes no more
constexpr int kAttempts = 64;
constexpr unsigned kTrialSeconds = 10;

bool read_all(int fd, void* into, std::size_t size) {
  auto* at = static_cast<char*>(into);
  while (size > 0) {
    const ssize_t n = read(fd, at, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

/// Memory at a page that nobody can guess, and in it a byte that nobody can guess.
std::uint64_t random_place() {
  for (int i = 0; i < kAttempts; ++i) {
    std::uint64_t random = 0;
    if (getrandom(&random, sizeof random, 0) != sizeof random) return 0;
    const std::uint64_t place = random % kAddresses, page = place / kPage * kPage;
    void* const made = mmap(reinterpret_cast<void*>(page), kPlaceBytes + kPage, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);
    if (made == reinterpret_cast<void*>(page)) return place;
    if (made != MAP_FAILED) munmap(made, kPlaceBytes + kPage);  // an older kernel takes the address for a hint
  }
  return 0;
}

bool copy_pointers(std::uint64_t place, char* const* from) {
  std::size_t count = 0;
  while (from[count] != nullptr) ++count;
  const std::size_t bytes = (count + 1) * sizeof *from;
  if (bytes > kPlaceBytes) return false;
  std::memcpy(reinterpret_cast<void*>(place), from, bytes);  // not aligned, as nobody can guess
  return true;
}

}  // namespace

bool InitFilter::read_orders(int fd) {
  if (!read_all(fd, &orders_, sizeof orders_)) return false;
  if (orders_.trials > kMaxTrials || orders_.instructions == 0 ||
      orders_.instructions + kStartLength > kMaxFilterLength) {
    return false;
  }
  return read_all(fd, numbers_, orders_.trials * sizeof *numbers_) &&
         read_all(fd, program_ + kStartLength, orders_.instructions * sizeof *program_);
}

bool InitFilter::choose_places() {
  places_ = {random_place(), random_place(), random_place()};
  if (places_.path == 0 || places_.arguments == 0 || places_.environment == 0) return false;
  sock_filter before[kStartLength];
  write_start(places_, before);
  std::memcpy(program_, before, sizeof before);
  return true;
}

bool InitFilter::install() {
  const sock_fprog whole{static_cast<unsigned short>(kStartLength + orders_.instructions), program_};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &whole) == 0;
}

/// In the child: it shares this memory, and its parent waits until it is gone.
int InitFilter::try_calls() {
  alarm(kTrialSeconds);  // a call that is let through after all may wait for ever
  if (!install()) return 1;
  for (std::uint32_t i = 0; i < orders_.trials; ++i)
    seen_[i] = syscall(static_cast<long>(numbers_[i]), 0L, 0L, 0L, 0L, 0L, 0L) == -1 ? errno : 0;
  tried_ = true;
  return 0;
}

int InitFilter::in_child(void* self) {
  static_cast<InitFilter*>(self)->try_calls();
  syscall(SYS_exit_group, 0);
  for (;;) __builtin_trap();  // a policy may refuse to let a program end itself
}

bool InitFilter::report_trials() {
  alignas(16) static char stack[1 << 16];
  // A process, for a filter is one's own, and in this memory, for a copy of it is what takes gVisor its time.
  const pid_t child = clone(in_child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, this);
  if (child < 0 || waitpid(child, nullptr, 0) != child || !tried_) return false;
  for (std::uint32_t i = 0; i < orders_.trials; ++i) std::printf("filter %u %d\n", numbers_[i], seen_[i]);
  return true;
}

int InitFilter::start(const char* path, char* const* arguments, char* const* environment) {
  const std::size_t length = std::strlen(path) + 1;
  if (length > PATH_MAX) return ENAMETOOLONG;
  if (!copy_pointers(places_.arguments, arguments) || !copy_pointers(places_.environment, environment)) return E2BIG;
  std::memcpy(reinterpret_cast<void*>(places_.path), path, length);
  syscall(SYS_execveat, AT_FDCWD, places_.path, places_.arguments, places_.environment, 0);
  return errno;
}

}  // namespace bulkhead::sandbox
