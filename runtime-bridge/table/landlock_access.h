// The access rights of Landlock's interface, by version, and which of them a right of the policy needs.
#pragma once

#include <cstdint>

namespace bulkhead::table::landlock {

inline constexpr std::uint64_t kExecute = 1u << 0, kWriteFile = 1u << 1, kReadFile = 1u << 2, kReadDir = 1u << 3,
                               kRemoveDir = 1u << 4, kRemoveFile = 1u << 5, kMakeChar = 1u << 6, kMakeDir = 1u << 7,
                               kMakeReg = 1u << 8, kMakeSock = 1u << 9, kMakeFifo = 1u << 10, kMakeBlock = 1u << 11,
                               kMakeSym = 1u << 12, kRefer = 1u << 13, kTruncate = 1u << 14, kIoctlDev = 1u << 15;
inline constexpr std::uint64_t kBindTcp = 1, kConnectTcp = 2;
inline constexpr std::uint64_t kScopeAbstractUnix = 1, kScopeSignal = 2;

inline constexpr unsigned kNewestAbi = 7;

/// What version `abi` can handle; version 0 is no Landlock at all.
constexpr std::uint64_t handled_fs(unsigned abi) {
  return abi == 0 ? 0 : 0x1FFF | (abi >= 2 ? kRefer : 0) | (abi >= 3 ? kTruncate : 0) | (abi >= 5 ? kIoctlDev : 0);
}
constexpr std::uint64_t handled_net(unsigned abi) {
  return abi >= 4 ? kBindTcp | kConnectTcp : 0;
}
constexpr std::uint64_t handled_scopes(unsigned abi) {
  return abi >= 6 ? kScopeAbstractUnix | kScopeSignal : 0;
}

/// Reading: contents of files, listing of folders. Writing: contents, making and removing; devices never. Moving to
/// another folder under another or a second name is one right of Landlock, so it needs both rename and link.
inline constexpr std::uint64_t kOfRead = kReadFile | kReadDir;
inline constexpr std::uint64_t kOfWrite =
    kWriteFile | kRemoveDir | kRemoveFile | kMakeDir | kMakeReg | kMakeSock | kMakeFifo | kMakeSym | kTruncate;
inline constexpr std::uint64_t kOfMove = kRefer;
inline constexpr std::uint64_t kOfExecute = kExecute;
/// What a rule on a file may carry; the kernel refuses the others there.
inline constexpr std::uint64_t kOnFiles = kExecute | kWriteFile | kReadFile | kTruncate | kIoctlDev;

}  // namespace bulkhead::table::landlock
