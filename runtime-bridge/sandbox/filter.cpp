#include "runtime-bridge/sandbox/filter.h"

#include <linux/audit.h>

#include <cerrno>
#include <cstring>

#include "runtime-bridge/sandbox/kernel.h"

namespace bulkhead::sandbox {

namespace {

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
constexpr unsigned long kWaitKillable = 1UL << 5;
#else
constexpr unsigned long kWaitKillable = SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
#endif

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
const std::string& native_bytes(const table::Table& table) {
  return table.filter_x86_64;
}
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
const std::string& native_bytes(const table::Table& table) {
  return table.filter_aarch64;
}
#else
#error "Bulkhead runs on x86-64 and aarch64"
#endif

bool jump_taken(std::uint16_t code, std::uint32_t accumulator, std::uint32_t operand) {
  switch (BPF_OP(code)) {
    case BPF_JEQ:
      return accumulator == operand;
    case BPF_JGT:
      return accumulator > operand;
    case BPF_JGE:
      return accumulator >= operand;
    default:
      return (accumulator & operand) != 0;  // BPF_JSET; the loader of seccomp admits no other
  }
}

std::uint32_t calculate(std::uint16_t code, std::uint32_t a, std::uint32_t k) {
  switch (BPF_OP(code)) {
    case BPF_ADD:
      return a + k;
    case BPF_SUB:
      return a - k;
    case BPF_MUL:
      return a * k;
    case BPF_DIV:
      return k == 0 ? 0 : a / k;
    case BPF_OR:
      return a | k;
    case BPF_AND:
      return a & k;
    case BPF_XOR:
      return a ^ k;
    case BPF_LSH:
      return k > 31 ? 0 : a << k;
    case BPF_RSH:
      return k > 31 ? 0 : a >> k;
    default:
      return 0U - a;  // BPF_NEG
  }
}

}  // namespace

Result<std::vector<sock_filter>, Refusal> native_filter(const table::Table& table) {
  const std::string& bytes = native_bytes(table);
  if (bytes.empty() || bytes.size() % sizeof(sock_filter) != 0 || bytes.size() / sizeof(sock_filter) > BPF_MAXINSNS) {
    return fail(Refusal{Step::CheckTable, EINVAL, "seccomp filter of this architecture", ""});
  }
  std::vector<sock_filter> filter(bytes.size() / sizeof(sock_filter));
  std::memcpy(filter.data(), bytes.data(), bytes.size());
  return filter;
}

Result<std::vector<sock_filter>, Refusal> load_filter(const table::Table& table) {
  Result<std::vector<sock_filter>, Refusal> filter = native_filter(table);
  if (!filter.ok()) return filter;
  // The program parks in execveat until the read-back is over: a filter that lets it pass would let it run unread.
  seccomp_data parking{};
  parking.nr = SYS_execveat;
  parking.arch = kArchitecture;
  parking.args[0] = 4;
  parking.args[4] = AT_EMPTY_PATH;
  if ((simulate(*filter, parking) & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_USER_NOTIF) {
    return fail(
        Refusal{Step::CheckTable, EINVAL, "seccomp filter", "emit a filter that hands execveat to the listener"});
  }
  return filter;
}

std::uint32_t simulate(const std::vector<sock_filter>& filter, const seccomp_data& call) {
  std::uint32_t accumulator = 0;
  for (std::size_t at = 0; at < filter.size(); ++at) {
    const sock_filter& step = filter[at];
    switch (BPF_CLASS(step.code)) {
      case BPF_LD:
        if (BPF_MODE(step.code) == BPF_IMM) {
          accumulator = step.k;
        } else {
          if (step.k > sizeof call - 4 || step.k % 4 != 0) return SECCOMP_RET_KILL_PROCESS;
          std::memcpy(&accumulator, reinterpret_cast<const char*>(&call) + step.k, 4);
        }
        break;
      case BPF_ALU:
        accumulator = calculate(step.code, accumulator, step.k);
        break;
      case BPF_JMP:
        at += BPF_OP(step.code) == BPF_JA ? step.k : jump_taken(step.code, accumulator, step.k) ? step.jt : step.jf;
        break;
      case BPF_RET:
        return BPF_RVAL(step.code) == BPF_A ? accumulator : step.k;
      default:
        return SECCOMP_RET_KILL_PROCESS;  // index register and scratch memory: no emitter of Bulkhead uses them
    }
  }
  return SECCOMP_RET_KILL_PROCESS;
}

int install_filter(const sock_filter* filter, std::size_t length) {
  const sock_fprog program{static_cast<unsigned short>(length), const_cast<sock_filter*>(filter)};
  long listener =
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | kWaitKillable, &program);
  if (listener < 0 && errno == EINVAL) {  // before Linux 5.19
    listener = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  }
  return static_cast<int>(listener);
}

}  // namespace bulkhead::sandbox
