#include "checker/explore/growth.h"

#include <algorithm>
#include <numeric>

namespace bulkhead::explore {

using namespace bulkhead::system;

namespace {

/// By sort: the size that the bounds name, or 0.
std::vector<std::uint32_t> named_sizes(const System& system, const Bounds& bounds) {
  std::vector<std::uint32_t> named(system.sorts.size(), 0);
  for (const auto& [sort, size] : bounds.sizes) named[sort.index()] = size;
  return named;
}

std::vector<Scope> all_alike(const std::vector<std::uint32_t>& named, std::uint32_t largest) {
  std::vector<Scope> all;
  for (std::uint32_t size = 1; size <= largest; ++size) {
    Scope scope{named};
    std::replace(scope.sizes.begin(), scope.sizes.end(), std::uint32_t{0}, size);
    all.push_back(std::move(scope));
  }
  return all;
}

}  // namespace

std::vector<Scope> scopes(const System& system, const Bounds& bounds, std::uint32_t largest) {
  const std::vector<std::uint32_t> named = named_sizes(system, bounds);
  std::vector<Scope> all{{{}}};
  for (const std::uint32_t size : named) {
    std::vector<Scope> longer;
    for (const Scope& scope : all) {
      for (std::uint32_t i = size == 0 ? 1 : size; i <= (size == 0 ? largest : size); ++i) {
        longer.push_back(scope);
        longer.back().sizes.push_back(i);
      }
    }
    if (longer.size() > kMaxScopes) return all_alike(named, largest);
    all = std::move(longer);
  }
  const auto sum = [](const Scope& scope) {
    return std::accumulate(scope.sizes.begin(), scope.sizes.end(), std::uint64_t{0});
  };
  std::stable_sort(all.begin(), all.end(), [&](const Scope& a, const Scope& b) { return sum(a) < sum(b); });
  return all;
}

Grown search_growing(const System& system, const Theorem& theorem, std::uint32_t largest, const Options& options) {
  Grown grown;
  for (Scope& scope : scopes(system, theorem.bounds, largest)) {
    if (is_tabular(system) && !is_scope(system, scope)) continue;  // larger than any state may be
    const bool stopped = options.stop.stop_requested();            // what was not begun is told all the same
    grown.outcomes.push_back(stopped ? Outcome(Stopped{"it was stopped", 0, {}})
                                     : search(system, theorem, scope, options));
    grown.scopes.push_back(std::move(scope));
    if (std::holds_alternative<Found>(grown.outcomes.back())) break;
  }
  return grown;
}

}  // namespace bulkhead::explore
