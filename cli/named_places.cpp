#include "cli/named_places.h"

#include <algorithm>

namespace bulkhead::cli {
namespace {

/// The label of a whole volume makes a set that nobody can name.
bool is_of_volume(const ir::World& world, const ir::ObjectSet& set) {
  return std::any_of(world.volumes.begin(), world.volumes.end(), [&](const ir::Volume& volume) {
    return volume.sentence.valid() && volume.sentence == set.sentence && set.name == "all_of_" + volume.name;
  });
}

}  // namespace

std::vector<std::pair<ir::Right, std::string>> named_places(const ir::World& world, const std::string& subject) {
  std::vector<std::pair<ir::Plane, std::string>> objects = {{ir::Plane::File, "\"/**\""}, {ir::Plane::Net, "any"}};
  for (const ir::Subject& each : world.subjects) {
    if (each.name != subject) continue;
    for (const ir::Mount& mount : each.mounts)
      objects.emplace_back(ir::Plane::File, world.at(mount.volume).name + ":\"/**\"");
  }
  for (const ir::ObjectSet& set : world.sets) {
    const bool library = set.sentence.valid() && world.at(set.sentence).library;
    const bool meant = set.plane == ir::Plane::File || set.plane == ir::Plane::Net;
    if (meant && !library && !is_of_volume(world, set)) objects.emplace_back(set.plane, set.name);
  }
  std::vector<std::pair<ir::Right, std::string>> places;
  for (const auto& [plane, name] : objects) {
    for (const ir::Right right : ir::kAllRights) {
      if (ir::plane_of(right) == plane) places.emplace_back(right, name);
    }
  }
  return places;
}

}  // namespace bulkhead::cli
