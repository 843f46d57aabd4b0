// What a Landlock rule set means, and the proof that it allows nothing that the policy does not.
//
// The model: the rights on a path are the union of the rights of all rules on it or above it, mounts crossed; a rule
// that is `file_only` counts for its own path alone (the launcher leaves it out on a folder). A right that the set does
// not handle is allowed everywhere. The runtime tests hold this model against the kernel on random rule sets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/decode/comparison.h"
#include "runtime-bridge/table/landlock_access.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::decode::landlock {

/// The rule set of a `bulkhead.landlock/v1` text.
Result<table::Landlock, DecodeError> decode(const std::string& json);

/// The rights on `path`, as the program sees it, in the meaning above.
std::uint64_t rights_on(const table::Landlock& rules, std::string_view path);

/// The object that a path of the container's view names: the deepest mount wins.
struct Place {
  ir::VolumeId volume;
  std::string path;
};
Place place_of(const ir::Subject& container, std::string_view path);

/// Landlock's rights that the rights of a policy stand for.
std::uint64_t access_of(ir::Rights rights);

/// Compares, for each file right and each volume that `container` sees, all paths at once, and for each port all
/// addresses. What is handled must be all that version `abi` of Landlock can handle: what is not handled is free.
///
/// A read-only mount takes writing away whatever the rules say; that the mount is read-only is the launcher's part,
/// read back before the program starts, and named in `assumptions`.
///
/// `started` may be executed besides, as far as no sentence forbids it: whoever passes it knows a mechanism that lets
/// the runtime's own exec of the program through and decides every later one.
Comparison compare(const table::Landlock& rules, const ir::World& world, ir::SubjectId container,
                   unsigned abi = table::landlock::kNewestAbi, const std::vector<std::string>& started = {});

}  // namespace bulkhead::decode::landlock
