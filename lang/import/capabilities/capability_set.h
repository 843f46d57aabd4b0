// What a program is granted beside its code: the value behind a capability file, with the origin of every grant.
//
// Format: docs/formats/capabilities.md, schema: docs/schema/capabilities.v1.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ir/object.h"
#include "lang/ir/world.h"
#include "lang/source/source.h"

namespace bulkhead::capabilities {

enum class Kind : std::uint8_t { FileRead, FileWrite, NetworkConnect, ProcessSpawn, EnvRead };
inline constexpr Kind kAllKinds[] = {Kind::FileRead, Kind::FileWrite, Kind::NetworkConnect, Kind::ProcessSpawn,
                                     Kind::EnvRead};
std::string_view to_string(Kind kind);  // "FILE_READ"
std::optional<Kind> kind_from(std::string_view text);

/// Where a grant was written: a span of a file or of a command-line argument, and the JSON pointer in that file.
struct Origin {
  source::Span span;
  std::string pointer;  // "" for an argument
};
/// "caps.json:5 /capabilities/0/paths/1".
std::string describe(const Origin& origin, const source::SourceMap& sources);

/// FILE_READ, FILE_WRITE or PROCESS_SPAWN on every object whose path matches `glob` (absolute, normalised).
struct PathGrant {
  Kind kind = Kind::FileRead;
  std::string glob;
  Origin origin;
};
/// NETWORK_CONNECT to one CIDR block, a port range and a protocol. `range` is exactly the block.
struct NetGrant {
  ir::NetPattern range;
  unsigned prefix_bits = 0;
  Origin origin;
};
struct NameGrant {
  std::string name;
  Origin origin;
};

struct Grants {
  std::vector<PathGrant> paths;
  std::vector<NetGrant> nets;
  std::vector<NameGrant> environment;
};

struct Limit {
  std::uint64_t amount = 0;
  Origin origin;
};
/// Bytes, 1/1000 core, processes, milliseconds, bytes, descriptors.
struct Limits {
  std::optional<Limit> memory, cpu, pids, wall_time, disk, open_files;
};

struct CapabilitySet {
  std::string component;           // UUID of the component, or ""
  std::optional<ir::Level> level;  // none: the caller's choice
  std::optional<Origin> list;      // where the grants stand: what a denial for want of a grant points to
  Grants granted;
  Grants revoked;                      // beats every grant
  std::optional<Limit> max_processes;  // the sum of `max` of PROCESS_SPAWN
  Limits limits;
  std::vector<NameGrant> degrade;  // "memory:rlimit"
};

/// The union of all grants less the union of all revocations, in the order of `sets`; every origin is kept.
///
/// Where several sets limit one resource the smallest limit counts, of several levels the strictest; a degradation
/// holds only if every set that has grants or limits names it.
CapabilitySet merge(const std::vector<CapabilitySet>& sets);

}  // namespace bulkhead::capabilities
