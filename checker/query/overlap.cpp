#include "checker/query/overlap.h"

#include <map>
#include <set>

#include "checker/engine/query_solver.h"
#include "checker/obligation/build.h"

namespace bulkhead::query {
namespace {

/// "Is there a file in both?"
obligation::Query question(const ir::ObjectSet& first, const ir::ObjectSet& second) {
  obligation::Builder build;
  const obligation::NodeId root = build.both(build.member(first.patterns), build.member(second.patterns));
  return {ir::Plane::File, build.finish(root), std::nullopt};
}

/// The sets with a label, by the volumes that they speak of.
std::map<ir::VolumeId, std::vector<std::size_t>> labelled_by_volume(const ir::World& world) {
  std::map<ir::VolumeId, std::vector<std::size_t>> sets;
  for (std::size_t i = 0; i < world.sets.size(); ++i) {
    const ir::ObjectSet& set = world.sets[i];
    if (!set.label || set.plane != ir::Plane::File) continue;
    std::set<ir::VolumeId> volumes;
    for (const ir::FilePattern& pattern : set.patterns.files) volumes.insert(pattern.volume);
    for (const ir::VolumeId volume : volumes) sets[volume].push_back(i);
  }
  return sets;
}

}  // namespace

LabelOverlaps overlapping_labels(const ir::World& world) {
  std::set<std::pair<std::size_t, std::size_t>> pairs;  // second, first
  LabelOverlaps overlaps;
  for (const auto& [volume, sets] : labelled_by_volume(world)) {
    for (std::size_t j = 1; j < sets.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        if (world.sets[sets[i]].label == world.sets[sets[j]].label) continue;
        if (pairs.size() < kMaxPairs)
          pairs.emplace(sets[j], sets[i]);
        else
          ++overlaps.undecided;
      }
    }
  }
  engine::Budget budget;
  budget.paths.work = 2'000'000;
  engine::QuerySolver queries(world, budget);
  for (const auto& [second, first] : pairs) {
    const auto answer = queries.ask(question(world.sets[first], world.sets[second]));
    const auto* solution = std::get_if<engine::Solution>(answer.get());
    if (solution != nullptr) {
      const auto& witness = std::get<ir::FileObject>(solution->object);
      overlaps.found.push_back({ir::ObjectSetId{first}, ir::ObjectSetId{second}, witness});
    }
    if (std::holds_alternative<engine::NoAnswer>(*answer)) ++overlaps.undecided;
  }
  return overlaps;
}

}  // namespace bulkhead::query
