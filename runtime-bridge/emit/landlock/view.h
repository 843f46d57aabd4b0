// The file tree as a container sees it: its own root with the mounts on it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/ir/world.h"

namespace bulkhead::emit::landlock {

struct Place {
  std::string target;  // where it is mounted; "/" for the own root
  ir::VolumeId volume;
  bool readonly = false;
};

/// The own root first, then the mounts in order.
std::vector<Place> places_of(const ir::Subject& container);

/// `outer` is `path` or above it.
bool covers(std::string_view outer, std::string_view path);
/// "/data" + "/x" is "/data/x"; "/" adds nothing.
std::string join(std::string_view target, std::string_view path);

}  // namespace bulkhead::emit::landlock
