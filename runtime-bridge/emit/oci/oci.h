// A container as an OCI runtime-spec config.json (version 1.0.2).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/emit/error.h"

namespace bulkhead::emit::oci {

/// What a configuration holds that no policy says.
struct Inputs {
  std::vector<std::string> arguments{"/bin/true"};
  std::string working_folder = "/";
  std::string rootfs = "rootfs";
  std::map<std::string, std::string> environment;     // the caller's values of the names that the policy passes in
  std::map<std::string, std::string> volume_sources;  // of volumes whose place the run names
  std::string seccomp_json;  // the `linux.seccomp` object, or "" where the runtime gets its filter otherwise
  std::uint32_t first_host_id = 100'000;  // what the container's user 0 is outside
};

/// Process without capabilities but the kept ones, no_new_privs, resource limits, mounts (no set-user-ID, no devices),
/// private namespaces, limits, masked and read-only paths of /proc.
///
/// Fails: a volume without a source, a namespace shared with another container (its process is known to the run alone),
/// a source or a name that JSON or the runtime cannot carry.
Result<std::string, EmitError> emit(const ir::World& world, ir::SubjectId container, const Inputs& inputs);

/// The kernel capabilities that the container keeps in every context, by number.
std::vector<std::uint8_t> kept_capabilities(const ir::World& world, ir::SubjectId container);

}  // namespace bulkhead::emit::oci
