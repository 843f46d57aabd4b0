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
  Renaming renaming{{}, std::move(name)};
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
      renaming.entry.push_back(machine.offset(i) + place(system, machine.scope(), id, arguments));
    }
  }
  maps_.push_back(std::move(renaming));
}

void Symmetry::rename(const Flat& from, const Renaming& renaming, Flat& to) const {
  to.resize(from.size());
  for (std::size_t entry = 0; entry < from.size(); ++entry) {
    const bool is_element = sorts_[entry] < renaming.name.size();
    const auto value = static_cast<std::size_t>(from[entry]);
    to[renaming.entry[entry]] = is_element ? renaming.name[sorts_[entry]][value] : from[entry];
  }
}

void Symmetry::canonical(Flat& state) const {
  Flat least = state, renamed;
  for (std::size_t i = 1; i < maps_.size(); ++i) {
    rename(state, maps_[i], renamed);
    if (renamed < least) std::swap(renamed, least);
  }
  state = std::move(least);
}

}  // namespace bulkhead::explore
