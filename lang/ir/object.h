// Objects that rights are exercised on, and the patterns that describe sets of them.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lang/ir/ids.h"

namespace bulkhead::ir {

/// The pseudo volumes that every world has. `kOwnRoot` is the private root of whichever container asks: no two
/// containers share an object of it. `kHost` is the file tree of the host.
inline constexpr VolumeId kOwnRoot{0};
inline constexpr VolumeId kHost{1};

/// A file object: a volume and the resolved absolute path in it ("/" is the volume's root). [semantics 1]
struct FileObject {
  VolumeId volume;
  std::string path;
  friend auto operator<=>(const FileObject&, const FileObject&) = default;
};

enum class Family : std::uint8_t { V4, V6 };
enum class Proto : std::uint8_t { Tcp, Udp, Other };

/// An address in network byte order; a V4 address uses the first four bytes, the rest is zero.
struct Address {
  Family family = Family::V4;
  std::array<std::uint8_t, 16> bytes{};
  friend auto operator<=>(const Address&, const Address&) = default;
};

struct NetObject {
  Address address;
  std::uint16_t port = 0;
  Proto proto = Proto::Tcp;
  friend auto operator<=>(const NetObject&, const NetObject&) = default;
};

/// A call of a syscall that the module names; `kUnknownSyscall` stands for every number that it does not name.
inline constexpr SyscallId kUnknownSyscall{};
struct SyscallObject {
  SyscallId syscall;
  std::array<std::uint64_t, 6> arguments{};
  friend auto operator<=>(const SyscallObject&, const SyscallObject&) = default;
};

/// A capability of the kernel by number (CAP_CHOWN is 0).
struct CapabilityObject {
  std::uint8_t number = 0;
  friend auto operator<=>(const CapabilityObject&, const CapabilityObject&) = default;
};

using Object = std::variant<FileObject, NetObject, SyscallObject, CapabilityObject>;

/// The objects (volume, p) for which `glob` matches `prefix` + p.
///
/// `prefix` is empty except where a host pattern was carried over to a volume whose source lies on the host: then it is
/// that source, so that `host:"/srv/**"` also means the objects of a volume that is kept in /srv/data.
struct FilePattern {
  VolumeId volume;
  std::string glob;
  std::string prefix;
  friend auto operator<=>(const FilePattern&, const FilePattern&) = default;
};

/// Address range, port range (both inclusive) and protocols of one family.
struct NetPattern {
  Address first;
  Address last;
  std::uint16_t first_port = 0;
  std::uint16_t last_port = 65535;
  std::uint8_t protos = 7;  // bit 1 << Proto
  friend auto operator<=>(const NetPattern&, const NetPattern&) = default;
};

/// A finite union of patterns of one plane. An empty list is the empty set; `everything` is the whole plane.
struct ObjectPatterns {
  bool everything = false;
  std::vector<FilePattern> files;
  std::vector<NetPattern> nets;
  std::vector<SyscallId> syscalls;
  std::vector<std::uint8_t> capabilities;
};

}  // namespace bulkhead::ir
