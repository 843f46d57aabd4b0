// Classic BPF as seccomp runs it: instructions, the codes that Bulkhead emits, the answers of a filter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::bpf {

/// Laid out as the kernel's sock_filter: 8 bytes, little-endian.
struct Instruction {
  std::uint16_t code = 0;
  std::uint8_t jump_true = 0;
  std::uint8_t jump_false = 0;
  std::uint32_t k = 0;
  friend bool operator==(const Instruction&, const Instruction&) = default;
};
using Program = std::vector<Instruction>;

inline constexpr std::size_t kMaxInstructions = 4096;

inline constexpr std::uint16_t kLoad = 0x20;  // A = word at k of seccomp_data
inline constexpr std::uint16_t kAnd = 0x54;   // A &= k
inline constexpr std::uint16_t kJump = 0x05;
inline constexpr std::uint16_t kJumpEqual = 0x15, kJumpGreater = 0x25, kJumpGreaterEqual = 0x35, kJumpSet = 0x45;
inline constexpr std::uint16_t kReturn = 0x06;

/// Offsets in seccomp_data.
inline constexpr std::uint32_t kNumberOffset = 0, kArchOffset = 4, kPointerOffset = 8, kArgumentsOffset = 16,
                               kDataSize = 64;

/// The values that a filter returns: an action, and data in the low 16 bits.
inline constexpr std::uint32_t kActionMask = 0xFFFF0000, kDataMask = 0xFFFF, kMaxErrno = 4095;
inline constexpr std::uint32_t kKillProcess = 0x80000000, kKillThread = 0, kTrap = 0x00030000, kErrno = 0x00050000,
                               kNotify = 0x7FC00000, kTrace = 0x7FF00000, kLog = 0x7FFC0000, kAllow = 0x7FFF0000;

inline constexpr std::uint32_t kArchX86_64 = 0xC000003E, kArchAarch64 = 0xC00000B7;
inline constexpr std::uint32_t kX32Bit = 0x40000000;

/// The machines that filters are made for.
enum class Machine : std::uint8_t { X86_64, Aarch64 };

#if defined(__x86_64__)
inline constexpr Machine kNativeMachine = Machine::X86_64;
#elif defined(__aarch64__)
inline constexpr Machine kNativeMachine = Machine::Aarch64;
#else
#error "Bulkhead enforces on x86-64 and aarch64"
#endif

/// What a system call shows to a filter.
struct Call {
  std::uint32_t number = 0;
  std::uint32_t arch = 0;
  std::uint64_t pointer = 0;
  std::uint64_t arguments[6] = {};
};

std::string to_bytes(const Program& program);
/// Nothing where the length is not that of 1 to 4096 instructions.
std::optional<Program> from_bytes(std::string_view bytes);

/// "ALLOW", "ERRNO(1)", "KILL_PROCESS".
std::string describe(std::uint32_t action);

}  // namespace bulkhead::bpf
