#include "runtime-bridge/table/bpf.h"

namespace bulkhead::bpf {

std::string to_bytes(const Program& program) {
  std::string bytes;
  const auto put = [&](std::uint32_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  };
  for (const Instruction& instruction : program) {
    put(instruction.code, 2);
    put(instruction.jump_true, 1);
    put(instruction.jump_false, 1);
    put(instruction.k, 4);
  }
  return bytes;
}

std::optional<Program> from_bytes(std::string_view bytes) {
  if (bytes.empty() || bytes.size() % 8 != 0 || bytes.size() / 8 > kMaxInstructions) return std::nullopt;
  Program program;
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<std::uint8_t>(bytes[at + i])}; };
    program.push_back({static_cast<std::uint16_t>(byte(0) | byte(1) << 8), static_cast<std::uint8_t>(byte(2)),
                       static_cast<std::uint8_t>(byte(3)), byte(4) | byte(5) << 8 | byte(6) << 16 | byte(7) << 24});
  }
  return program;
}

std::string describe(std::uint32_t action) {
  const std::string data = "(" + std::to_string(action & kDataMask) + ")";
  switch (action & kActionMask) {
    case kKillProcess:
      return "KILL_PROCESS";
    case kKillThread:
      return "KILL_THREAD";
    case kTrap:
      return "TRAP" + data;
    case kErrno:
      return "ERRNO" + data;
    case kNotify:
      return "USER_NOTIF";
    case kTrace:
      return "TRACE" + data;
    case kLog:
      return "LOG";
    case kAllow:
      return "ALLOW";
  }
  return "UNKNOWN" + std::to_string(action);
}

}  // namespace bulkhead::bpf
