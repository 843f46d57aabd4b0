// The events of a run, typed. What a program can choose (paths, addresses, arguments) is raw bytes here and is escaped
// when the line is written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime-bridge/table/table.h"

namespace bulkhead::audit {

/// Where a decision comes from: the row of the table, the sentence behind it, the claim that relies on it.
struct Provenance {
  std::uint32_t row = table::kNone;
  std::string file;
  std::uint32_t line = 0;
  std::string text;  // "" with no file: nothing permits it
  std::string claim;
  std::string claim_text;
};

/// The provenance of indices into `table`; kNone and indices out of range give empty fields.
Provenance provenance(const table::Table& table, std::uint32_t row, std::uint32_t sentence, std::uint32_t claim);

/// "FILE_READ", "NETWORK_CONNECT", ... for one right of table.h; "KERNEL" for none of them.
std::string_view capability_name(std::uint16_t right);

/// "standard", "enhanced" or "maximum".
std::string_view level_name(table::Level level);

/// One attempt of the program.
struct Access {
  std::string operation;   // the syscall: "openat"
  std::string capability;  // capability_name()
  std::string object;      // a path, `address:port`, "" for a bare syscall
  std::int64_t pid = 0;    // as the supervisor sees it
  Provenance rule;
};

struct SandboxStart {
  std::string module, container, profile, level;
  std::string readback;  // "exact" or "probed"
  Digest policy{}, certificate{};
  std::vector<std::string> command;
  std::vector<std::string> degraded;
  std::vector<std::uint32_t> retained_groups;
  std::int64_t pid = 0;
  std::uint32_t outer_user = 0, inner_user = 0;
  bool enforced = true;  // false under --audit
};

/// Written where all accesses are recorded, and always where the table allows what the runtime does not carry out.
struct AccessAllowed {
  Access access;
  int error = 0;  // what the program got in place of what was allowed; 0 where the call went on
};

struct CapabilityDenied {
  Access access;
  int error = 0;         // what the program saw, as far as the supervisor decided it
  bool enforced = true;  // false where --audit let it pass
};

struct ResourceExceeded {
  std::string resource;  // memory, cpu, pids, time, disk, open_files
  std::uint64_t limit = 0;
  std::uint64_t observed = 0;
  Provenance rule;
};

struct SandboxExit {
  std::string cause;  // exit, signal, denied, resource, timeout, refused
  int code = 0;
  int signal = 0;
  std::uint64_t denials = 0;
};

/// Events that could not be written while the policy named the degradation `audit-loss=continue`.
struct AuditLoss {
  std::uint64_t lost = 0;
  int error = 0;
};

using Event = std::variant<SandboxStart, AccessAllowed, CapabilityDenied, ResourceExceeded, SandboxExit, AuditLoss>;

}  // namespace bulkhead::audit
