// The enforcement table: all that the enforcing binary ever learns of a policy.
//
// `Table` is the value; encode.h gives its bytes (fixed little-endian layout, docs/formats/table.md) and reads them
// back. A missing row is a denial. Every row carries its provenance, so that a denial names the sentence it follows
// from and the claim that relies on it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lang/base/sha256.h"

namespace bulkhead::table {

inline constexpr std::uint32_t kVersion = 3;
inline constexpr std::uint32_t kNone = 0xFFFFFFFF;  // "no sentence", "no claim", "no limit"

enum class Level : std::uint8_t { Standard, Enhanced, Maximum };
constexpr const char* name_of(Level level) {
  constexpr const char* kNames[] = {"standard", "enhanced", "maximum"};
  return kNames[static_cast<std::size_t>(level)];
}
enum class Effect : std::uint8_t { Permit, Forbid };

/// The planes and rights of lang/ir/right.h, with the same numbers (a test in emit holds them together).
enum class Plane : std::uint8_t { File, Net, Syscall, KernelCapability };
inline constexpr std::uint16_t kRead = 1, kWrite = 2, kRename = 4, kLink = 8, kExecute = 16, kConnect = 32, kBind = 64,
                               kInvoke = 128, kHold = 256;

/// A sentence of the policy: place and text.
struct Sentence {
  std::string file;  // "" where Bulkhead implied it
  std::uint32_t line = 0;
  std::string text;
};

/// A claim that was proved of this policy.
struct Claim {
  std::string name;
  std::string text;
  std::uint32_t sentence = kNone;
};

/// Matches (volume, path) iff `glob` matches `prefix` + path. Volumes are indices into Table::volumes.
struct FilePattern {
  std::uint32_t volume = 0;
  std::string glob;
  std::string prefix;
  friend bool operator==(const FilePattern&, const FilePattern&) = default;
};

/// Inclusive ranges; `family` is 4 or 6; `protos` has bit 1 TCP, 2 UDP, 4 other.
struct NetPattern {
  std::uint8_t family = 4;
  std::array<std::uint8_t, 16> first{};
  std::array<std::uint8_t, 16> last{};
  std::uint16_t first_port = 0;
  std::uint16_t last_port = 65535;
  std::uint8_t protos = 7;
  friend bool operator==(const NetPattern&, const NetPattern&) = default;
};

/// A positive or negated union of patterns. `everything` is the whole plane.
struct Literal {
  bool negated = false;
  bool everything = false;
  std::vector<FilePattern> files;
  std::vector<NetPattern> nets;
  std::vector<std::uint8_t> capabilities;
  friend bool operator==(const Literal&, const Literal&) = default;
};

/// Matches a request iff the right is among `rights` and every literal holds. Allowed: some permit row matches and no
/// forbid row does.
struct Row {
  Effect effect = Effect::Permit;
  Plane plane = Plane::File;
  std::uint16_t rights = 0;
  std::vector<Literal> literals;
  std::uint32_t sentence = kNone;
  std::uint32_t claim = kNone;  // the claim that relies on it
};

/// A claim that says "never": it relies on the denial of every request whose right is among `rights` and whose object
/// is in `objects`, so that a denial names the claim it keeps true, a missing row included.
struct Guard {
  Plane plane = Plane::File;
  std::uint16_t rights = 0;
  Literal objects;
  std::uint32_t claim = kNone;
};

/// What is behind a volume index. 0 is the container's own root.
struct Volume {
  std::string name;
  std::string host_source;  // absolute path on the host; "" with a size: tmpfs
  std::uint64_t tmpfs_bytes = 0;
};

struct Mount {
  std::uint32_t volume = 0;
  std::string target;
  bool readonly = false;
  std::uint32_t sentence = kNone;
};

/// A path of the host that is shown read-only at the same place in the own root: the program's runtime closure. With a
/// link target it is a symbolic link that the launcher makes instead (/lib -> usr/lib); resolved paths have none in
/// them.
struct ClosurePath {
  std::string path;
  bool folder = false;
  std::string link_target;
  std::uint32_t sentence = kNone;
};

enum class NamespaceMode : std::uint8_t { Private, Host };

struct Limit {
  std::uint64_t amount = 0;
  bool set = false;
  std::uint32_t sentence = kNone;
};
/// Bytes, 1/1000 core, processes, milliseconds, bytes, descriptors.
struct Limits {
  Limit memory, cpu, pids, time, disk, open_files;
};

/// How a syscall that the filter hands to the listener is answered, by number of the native architecture.
///
/// `allowed` rows are calls of mediated.h: the filter hands them over only where the policy allows them (what it does
/// not allow for their arguments, the filter refuses itself). Every call that is handed over and has no allowed row is
/// refused.
struct SyscallRow {
  std::uint32_t number = 0;
  std::string name;
  bool allowed = false;     // by the policy, for at least some arguments; mediation or CONTINUE follows
  std::uint16_t error = 1;  // errno of a denial
  std::uint32_t sentence = kNone;
  std::uint32_t claim = kNone;
};

struct LandlockRule {
  std::string path;  // as the sandboxed process sees it
  std::uint64_t access = 0;
  std::uint32_t sentence = kNone;
  bool file_only = false;  // allowed is this one path: where a folder stands there, the launcher leaves the rule out
};
struct LandlockPort {
  std::uint16_t port = 0;
  std::uint64_t access = 0;
};
struct Landlock {
  std::uint64_t handled_fs = 0;
  std::uint64_t handled_net = 0;
  std::uint64_t scoped = 0;
  std::vector<LandlockRule> rules;
  std::vector<LandlockPort> ports;
};

struct Table {
  std::string module;
  std::string container;
  std::string profile;
  std::uint32_t sentence = kNone;  // of the container: what a denial by a missing row points to
  Level level = Level::Standard;
  Digest policy_digest{};       // SHA-256 of all sources that were proved
  Digest certificate_digest{};  // SHA-256 of the certificates that were accepted
  std::vector<Sentence> sentences;
  std::vector<Claim> claims;
  std::vector<Volume> volumes;
  std::vector<Row> rows;
  std::vector<Guard> guards;
  std::vector<Mount> mounts;
  std::vector<ClosurePath> closure;
  bool rootfs_readonly = true;
  std::array<NamespaceMode, 7> namespaces{};  // pid, mount, net, ipc, user, uts, cgroup
  std::uint32_t user = 65534;
  std::uint32_t group = 65534;
  std::vector<std::string> environment;  // names that are passed in
  std::vector<std::string> degrade;
  Limits limits;
  std::uint64_t kernel_capabilities = 0;  // bit n: CAP n is kept
  std::string filter_x86_64;              // cBPF, 8 bytes an instruction
  std::string filter_aarch64;
  bool exec_gain_by_filter =
      false;  // the filters let no memory become executable, so PR_SET_MDWE may lack (Linux < 6.3)
  std::vector<SyscallRow> syscalls;
  std::uint16_t unknown_syscall_error = 38;  // ENOSYS
  Landlock landlock;
  std::string nftables;  // JSON for `nft -j -f -`, or ""
};

}  // namespace bulkhead::table
