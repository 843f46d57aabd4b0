#include "bench/closure/grants.h"

#include <algorithm>
#include <random>

#include "lang/base/check.h"

namespace bulkhead::bench {

std::vector<closure::Edge> grants(std::size_t subjects, std::size_t count, std::uint32_t seed) {
  constexpr std::size_t kGroup = 8, kNear = 64;
  BH_CHECK(subjects >= kGroup && count >= subjects, "too few subjects or grants");
  std::mt19937 random(seed);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random()) % limit; };
  const auto node = [](std::size_t subject) { return static_cast<closure::Node>(subject); };
  std::vector<closure::Edge> edges;
  edges.reserve(count);
  const auto add = [&](std::size_t from, std::size_t to) {
    edges.push_back({node(from), node(to), static_cast<closure::Cause>(edges.size())});
  };
  for (std::size_t subject = 0; subject < subjects; ++subject) {  // the groups, as rings
    const std::size_t first = subject / kGroup * kGroup, size = std::min(kGroup, subjects - first);
    add(subject, first + (subject - first + 1) % size);
  }
  while (edges.size() < count) {
    const std::size_t from = below(subjects), group = from / kGroup;
    if (group == 0) {
      add(from, below(std::min(kGroup, subjects)));
      continue;
    }
    const std::size_t down = below(16) == 0 ? 1 + below(group) : 1 + below(std::min(group, kNear));
    add(from, (group - down) * kGroup + below(kGroup));
  }
  return edges;
}

}  // namespace bulkhead::bench
