#include "runtime-bridge/sandbox/listening.h"

#include <sys/syscall.h>

#include "runtime-bridge/table/bpf.h"

namespace bulkhead::sandbox {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kNativeArch = bpf::kArchX86_64;
#else
constexpr std::uint32_t kNativeArch = bpf::kArchAarch64;
#endif

bool jumps(const bpf::Instruction& instruction, std::uint32_t value) {
  switch (instruction.code) {
    case bpf::kJumpEqual:
      return value == instruction.k;
    case bpf::kJumpGreater:
      return value > instruction.k;
    case bpf::kJumpGreaterEqual:
      return value >= instruction.k;
    default:
      return (value & instruction.k) != 0;
  }
}

/// What the program returns for a call of this number; nothing where that depends on more than number and machine.
std::optional<std::uint32_t> answer(const bpf::Program& program, std::uint32_t number) {
  std::uint32_t value = 0;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const bpf::Instruction& now = program[at];
    switch (now.code) {
      case bpf::kLoad:
        if (now.k != bpf::kNumberOffset && now.k != bpf::kArchOffset) return std::nullopt;
        value = now.k == bpf::kNumberOffset ? number : kNativeArch;
        break;
      case bpf::kAnd:
        value &= now.k;
        break;
      case bpf::kJump:
        at += now.k;
        break;
      case bpf::kJumpEqual:
      case bpf::kJumpGreater:
      case bpf::kJumpGreaterEqual:
      case bpf::kJumpSet:
        at += jumps(now, value) ? now.jump_true : now.jump_false;
        break;
      case bpf::kReturn:
        return now.k;
      default:
        return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

bool never_listens(const table::Table& table) {
  const std::string& bytes = kNativeArch == bpf::kArchX86_64 ? table.filter_x86_64 : table.filter_aarch64;
  const std::optional<bpf::Program> program = bpf::from_bytes(bytes);
  if (!program) return false;
  const std::optional<std::uint32_t> action = answer(*program, SYS_listen);
  // What is handed over is refused: `listen` is no call that the listener mediates.
  return action && (*action & 0xFFFF0000) != bpf::kAllow && (*action & 0xFFFF0000) != bpf::kLog &&
         (*action & 0xFFFF0000) != bpf::kTrace;
}

}  // namespace bulkhead::sandbox
