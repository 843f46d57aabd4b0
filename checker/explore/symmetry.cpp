#include "checker/explore/symmetry.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace bulkhead::explore {

using namespace bulkhead::system;

Symmetry::Symmetry(const Machine& machine) {
  const System& system = machine.system();
  for (std::size_t entry = 0; entry < machine.entries(); ++entry) {
    const Type& type = machine.type_of(entry);
    sorts_.push_back(type.kind == Kind::Sort ? type.sort.index() : system.sorts.size());
  }
  std::vector<std::vector<Value>> identity;
  for (const auto size : machine.scope().sizes) {
    identity.emplace_back(size);
    std::iota(identity.back().begin(), identity.back().end(), Value{0});
  }
  std::vector<std::vector<std::vector<Value>>> all{identity};
  for (std::size_t sort = 0; sort < identity.size(); ++sort) {
    std::size_t renamings = 1;
    for (std::size_t i = 2; i <= identity[sort].size() && renamings <= kMaxRenamings; ++i) renamings *= i;
    if (all.size() * renamings > kMaxRenamings) continue;
    const auto before = all;
    for (auto names = identity[sort]; std::next_permutation(names.begin(), names.end());) {
      for (auto one : before) {
        one[sort] = names;
        all.push_back(std::move(one));
      }
    }
  }
  for (auto& one : all) add(machine, std::move(one));
}

void Symmetry::add(const Machine& machine, std::vector<std::vector<Value>> name) {
  const System& system = machine.system();
  Renaming renaming{std::vector<std::size_t>(machine.entries()), std::move(name)};
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    const FunctionId id(i);
    std::vector<Value> arguments(system.at(id).arguments.size(), 0);
    for (std::size_t entry = machine.offset(i); entry < machine.offset(i + 1); ++entry) {
      std::size_t rest = entry - machine.offset(i);
      for (std::size_t j = arguments.size(); j-- > 0;) {
        const Type& type = system.at(id).arguments[j];
        const std::size_t count = *cardinality(system, machine.scope(), type);
        const auto value = static_cast<Value>(rest % count);
        arguments[j] = type.kind == Kind::Sort ? renaming.name[type.sort.index()][rest % count] : value;
        rest /= count;
      }
      renaming.source[machine.offset(i) + place(system, machine.scope(), id, arguments)] = entry;
    }
  }
  maps_.push_back(std::move(renaming));
}

Value Symmetry::renamed(const Flat& state, const Renaming& renaming, std::size_t entry) const {
  const Value value = state[renaming.source[entry]];
  const std::size_t sort = sorts_[entry];
  return sort < renaming.name.size() ? renaming.name[sort][static_cast<std::size_t>(value)] : value;
}

std::size_t Symmetry::canonical(Flat& state) const {
  std::size_t looked_at = state.size();
  const Renaming* least = &maps_.front();
  for (std::size_t i = 1; i < maps_.size(); ++i) {
    for (std::size_t entry = 0; entry < state.size(); ++entry) {
      ++looked_at;
      const Value mine = renamed(state, maps_[i], entry), best = renamed(state, *least, entry);
      if (mine < best) least = &maps_[i];
      if (mine != best) break;
    }
  }
  Flat first(state.size());
  for (std::size_t entry = 0; entry < state.size(); ++entry) first[entry] = renamed(state, *least, entry);
  state = std::move(first);
  return looked_at;
}

}  // namespace bulkhead::explore
