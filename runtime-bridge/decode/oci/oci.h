// What an OCI config.json grants, and the proof that it grants no more than the policy.
//
// Every member of the specification that could widen a container is either understood here or an error: a configuration
// with something that nobody looked at is not accepted.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/decode/cgroup/cgroup.h"
#include "runtime-bridge/decode/comparison.h"

namespace bulkhead::decode::oci {

struct Mount {
  std::string destination;
  std::string type;
  std::string source;
  std::set<std::string> options;  // as written; order plays no part for those that are accepted
  friend bool operator==(const Mount&, const Mount&) = default;
};

struct IdMap {
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  std::uint64_t size = 0;
  friend bool operator==(const IdMap&, const IdMap&) = default;
};

struct Meaning {
  std::uint64_t user = 0;
  std::uint64_t group = 0;
  std::vector<std::uint64_t> other_groups;
  std::set<std::string> environment;   // names
  std::set<std::string> capabilities;  // the union of all five sets, "CAP_CHOWN"
  bool no_new_privileges = false;
  std::optional<std::uint64_t> open_files;
  std::optional<std::uint64_t> file_bytes;
  std::string root;  // the folder of the root file system
  bool root_readonly = false;
  std::vector<Mount> mounts;         // in order
  std::set<std::string> namespaces;  // new ones, "pid"; joined ones are in `joined`
  std::set<std::string> joined;
  std::vector<IdMap> users;
  std::vector<IdMap> groups;
  cgroup::Meaning limits;
  bool devices_denied = false;
  std::set<std::string> masked;
  std::set<std::string> readonly_paths;
  bool shared_propagation = false;  // mounts made later travel to the host, or from it
  std::string seccomp;              // the object as text, for decode/seccomp; "" without one
};

Result<Meaning, DecodeError> decode(const std::string& json);

struct Expectation {
  bool seccomp = true;  // a configuration without a filter is wider
};
Comparison compare(const Meaning& meaning, const ir::World& world, ir::SubjectId container,
                   const Expectation& expected);

}  // namespace bulkhead::decode::oci
