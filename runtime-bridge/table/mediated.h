// The system calls that the filter hands to the listener although the policy allows them, because what they may do
// depends on a path, a program or an address, which a filter cannot read.
//
// The emitter gives each of them SECCOMP_RET_USER_NOTIF, the listener must know each of them; both walk this list.
// A descriptor that was opened for reading is no leave to change what it leads to: calls that change mode, owner or
// attributes through one are in it. Calls that only look at names and attributes (stat, access, readlink) are not: no
// right speaks of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bulkhead::table {

enum class Mediation : std::uint8_t {
  Open,     // open, openat, openat2, creat: read or write, by their flags
  Write,    // changes the object that its path or descriptor names, or makes or removes it
  Watch,    // tells which names come and go in a folder, as reading it would
  Rename,   // two paths
  Link,     // two paths
  Symlink,  // makes the second path
  Execute,
  Connect,
  Bind,
  Send  // sendto, sendmsg, sendmmsg: connect where they carry an address, nothing else otherwise
};

/// Who a filter is for. Listened: bulkhead-exec; refused calls go to its listener, and so do the allowed ones below.
/// Contained: the kernel inside gVisor, which hands nothing over; refused calls get the errno that the listener would
/// give, and where the policy executes nothing, every exec does. Standalone: another runtime; the policy's own actions.
enum class Flavour : std::uint8_t { Listened, Contained, Standalone };

struct MediatedCall {
  std::string_view name;
  Mediation mediation;
};

inline constexpr MediatedCall kMediatedCalls[] = {
    {"open", Mediation::Open},           {"openat", Mediation::Open},        {"openat2", Mediation::Open},
    {"creat", Mediation::Open},          {"truncate", Mediation::Write},     {"mkdir", Mediation::Write},
    {"mkdirat", Mediation::Write},       {"rmdir", Mediation::Write},        {"unlink", Mediation::Write},
    {"unlinkat", Mediation::Write},      {"mknod", Mediation::Write},        {"mknodat", Mediation::Write},
    {"chmod", Mediation::Write},         {"fchmodat", Mediation::Write},     {"fchmodat2", Mediation::Write},
    {"chown", Mediation::Write},         {"lchown", Mediation::Write},       {"fchownat", Mediation::Write},
    {"utime", Mediation::Write},         {"utimes", Mediation::Write},       {"futimesat", Mediation::Write},
    {"utimensat", Mediation::Write},     {"setxattr", Mediation::Write},     {"lsetxattr", Mediation::Write},
    {"setxattrat", Mediation::Write},    {"removexattr", Mediation::Write},  {"lremovexattr", Mediation::Write},
    {"removexattrat", Mediation::Write}, {"file_setattr", Mediation::Write}, {"fchmod", Mediation::Write},
    {"fchown", Mediation::Write},        {"fsetxattr", Mediation::Write},    {"fremovexattr", Mediation::Write},
    {"rename", Mediation::Rename},       {"renameat", Mediation::Rename},    {"renameat2", Mediation::Rename},
    {"link", Mediation::Link},           {"linkat", Mediation::Link},        {"symlink", Mediation::Symlink},
    {"symlinkat", Mediation::Symlink},   {"execve", Mediation::Execute},     {"execveat", Mediation::Execute},
    {"connect", Mediation::Connect},     {"bind", Mediation::Bind},          {"sendto", Mediation::Send},
    {"sendmsg", Mediation::Send},        {"sendmmsg", Mediation::Send},      {"inotify_add_watch", Mediation::Watch},
};

/// How the listener treats `name` where the policy allows it; nothing where the filter alone decides.
constexpr std::optional<Mediation> mediation_of(std::string_view name) {
  for (const MediatedCall& call : kMediatedCalls) {
    if (call.name == name) return call.mediation;
  }
  return std::nullopt;
}

}  // namespace bulkhead::table
