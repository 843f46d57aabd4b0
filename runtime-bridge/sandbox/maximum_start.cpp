#include "runtime-bridge/sandbox/maximum_start.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

namespace bulkhead::sandbox {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

/// Of the arguments, both halves of what is 64 bits wide, the lower one of the numbers.
struct Word {
  std::size_t offset;
  std::uint32_t value;
};

constexpr std::size_t argument(unsigned index) {
  return offsetof(seccomp_data, args) + std::size_t{8} * index;
}

}  // namespace

void write_start(const StartCall& call, sock_filter (&before)[kStartLength]) {
  const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
  const auto high = [](std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); };
  const Word words[] = {
      {offsetof(seccomp_data, arch), kArchitecture},
      {offsetof(seccomp_data, nr), SYS_execveat},
      {argument(0), low(static_cast<std::uint64_t>(AT_FDCWD))},
      {argument(1), low(call.path)},
      {argument(1) + 4, high(call.path)},
      {argument(2), low(call.arguments)},
      {argument(2) + 4, high(call.arguments)},
      {argument(3), low(call.environment)},
      {argument(3) + 4, high(call.environment)},
      {argument(4), 0},
  };
  static_assert(2 * (sizeof words / sizeof *words) + 1 == kStartLength);
  std::size_t at = 0;
  for (const Word& word : words) {
    before[at++] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(word.offset));
    const auto to_the_filter = static_cast<std::uint8_t>(kStartLength - at - 1);
    before[at++] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, word.value, 0, to_the_filter);
  }
  before[at] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
}

}  // namespace bulkhead::sandbox
