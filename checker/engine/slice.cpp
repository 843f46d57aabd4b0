#include "checker/engine/slice.h"

#include <algorithm>
#include <set>

#include "checker/conditions/terms.h"
#include "checker/engine/parts.h"
#include "checker/engine/reach.h"
#include "lang/system/builder.h"

namespace bulkhead::engine {
namespace {

using system::FunctionId;
using system::Op;
using system::System;
using system::TermId;

class Cone {
 public:
  Cone(const System& system, TermId formula) : system_(system), inside_(system.functions.size(), false) {
    for (const system::Property& property : system.properties) {
      if (property.kind == system::PropertyKind::Assumption) constraints_.push_back(property.formula);
    }
    if (system.initially.valid()) {
      for (const TermId one : conjuncts_of(system, system.initially)) constraints_.push_back(one);
    }
    add(formula);
    while (grow()) {
    }
  }

  const std::vector<bool>& inside() const { return inside_; }
  bool touches(TermId term) const {
    const auto read = functions_of(term);
    return std::any_of(read.begin(), read.end(), [&](FunctionId id) { return inside_[id.index()]; });
  }

 private:
  std::set<FunctionId> functions_of(TermId root) const {
    std::set<FunctionId> found;
    const TermId roots[] = {root};
    for (const TermId id : conditions::reachable(system_, roots)) {
      if (system_.at(id).op == Op::Apply) found.insert(system_.at(id).function);
    }
    return found;
  }
  bool add(TermId term) {
    bool grew = false;
    for (const FunctionId id : functions_of(term)) {
      grew = grew || !inside_[id.index()];
      inside_[id.index()] = true;
    }
    return grew;
  }

  bool grow() {
    bool grew = false;
    for (const system::Action& action : system_.actions) {
      for (const system::Update& update : action.updates) {
        if (!inside_[update.function.index()]) continue;
        grew = add(action.guard) || grew;
        grew = add(update.value) || grew;
        for (const TermId at : update.at) grew = add(at) || grew;
      }
    }
    for (std::size_t i = 0; i < system_.functions.size(); ++i) {
      if (inside_[i] && system_.functions[i].initial.valid()) grew = add(system_.functions[i].initial) || grew;
    }
    for (const TermId constraint : constraints_) {
      if (touches(constraint)) grew = add(constraint) || grew;
    }
    return grew;
  }

  const System& system_;
  std::vector<bool> inside_;
  std::vector<TermId> constraints_;
};

/// Where each function's table begins, among all entries.
std::vector<std::size_t> offsets(const System& system, const system::Scope& scope) {
  std::vector<std::size_t> list{0};
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    list.push_back(list.back() + system::table_size(system, scope, FunctionId{i}));
  }
  return list;
}

}  // namespace

Slice slice(const System& system, TermId formula, const system::Bounds& bounds) {
  const Cone cone(system, formula);
  Slice made{system, bounds, cone.inside()};
  System& small = made.system;
  system::Builder builder(small);
  const TermId no = builder.truth(false);
  for (std::size_t i = 0; i < small.functions.size(); ++i) {
    if (!made.kept[i]) forget(small, FunctionId{i}, no);
  }
  for (system::Action& action : small.actions) {
    std::erase_if(action.updates, [&](const system::Update& one) { return !made.kept[one.function.index()]; });
    if (!action.updates.empty()) continue;
    action.guard = no;
    action.parameters.clear();
  }
  std::erase_if(small.properties, [&](const system::Property& property) {
    return property.kind != system::PropertyKind::Assumption || !cone.touches(property.formula);
  });
  small.views.clear();
  if (small.initially.valid()) {
    std::vector<TermId> kept;
    for (const TermId one : conjuncts_of(system, system.initially)) {
      if (cone.touches(one)) kept.push_back(one);
    }
    small.initially = kept.empty() ? TermId{} : kept.size() == 1 ? kept[0] : builder.conjunction(kept);
  }
  drop_unused_terms(small, formula);
  const std::vector<bool> used = used_sorts(small);
  for (std::size_t i = 0; i < used.size(); ++i) {
    const system::SortId sort{i};
    const auto named = [&](const auto& bound) { return bound.first == sort; };
    if (!used[i] && std::none_of(bounds.sizes.begin(), bounds.sizes.end(), named))
      made.bounds.sizes.emplace_back(sort, 1);
  }
  return made;
}

std::optional<system::Run> unsliced(const System& original, const Slice& slice, const system::Run& run) {
  if (!system::is_tabular(original) || !system::is_scope(original, run.scope)) return std::nullopt;
  Counterexample first{run.scope, run.first, {}};
  for (std::size_t i = 0; i < original.functions.size(); ++i) {
    if (slice.kept[i]) continue;
    first.state.tables[i].assign(system::table_size(original, run.scope, FunctionId{i}), 0);
  }
  auto whole = initial_state(conditions::Terms(original), first);
  if (!whole) return std::nullopt;
  whole->steps = run.steps;
  whole->loop = run.loop;
  return whole;
}

std::vector<finite::Cube> unsliced(const System& original, const Slice& slice, const system::Scope& scope,
                                   std::vector<finite::Cube> cubes) {
  const auto from = offsets(slice.system, scope), to = offsets(original, scope);
  const auto kept = [&](const finite::BitValue& one) {
    const auto function = std::upper_bound(from.begin(), from.end(), one.entry) - from.begin() - 1;
    return slice.kept[static_cast<std::size_t>(function)];
  };
  // What the slice made constant is `false` there. A cube that asks such a bit to be true excludes no state of the
  // slice, so it says nothing about the original; one that asks it to be false speaks of its other bits alone.
  const auto is_empty = [&](const finite::BitValue& one) { return !kept(one) && one.value; };
  std::erase_if(cubes, [&](const finite::Cube& cube) { return std::any_of(cube.begin(), cube.end(), is_empty); });
  for (finite::Cube& cube : cubes) {
    std::erase_if(cube, [&](const finite::BitValue& one) { return !kept(one); });
    for (finite::BitValue& one : cube) {
      const auto function = std::upper_bound(from.begin(), from.end(), one.entry) - from.begin() - 1;
      one.entry = to[static_cast<std::size_t>(function)] + (one.entry - from[static_cast<std::size_t>(function)]);
    }
  }
  return cubes;
}

}  // namespace bulkhead::engine
