#include "runtime-bridge/emit/landlock/view.h"

namespace bulkhead::emit::landlock {

std::vector<Place> places_of(const ir::Subject& container) {
  std::vector<Place> places{{"/", ir::kOwnRoot, container.rootfs_readonly}};
  for (const auto& mount : container.mounts) places.push_back({mount.target, mount.volume, mount.readonly});
  return places;
}

bool covers(std::string_view outer, std::string_view path) {
  if (outer == "/") return true;
  return path.substr(0, outer.size()) == outer && (path.size() == outer.size() || path[outer.size()] == '/');
}

std::string join(std::string_view target, std::string_view path) {
  if (target == "/") return std::string(path);
  if (path == "/") return std::string(target);
  return std::string(target) + std::string(path);
}

}  // namespace bulkhead::emit::landlock
