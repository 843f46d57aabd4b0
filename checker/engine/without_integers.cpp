#include "checker/engine/without_integers.h"

#include <algorithm>
#include <vector>

#include "checker/conditions/terms.h"
#include "checker/engine/parts.h"
#include "lang/system/builder.h"

namespace bulkhead::engine {
namespace {

using system::Kind;
using system::System;
using system::TermId;

bool is_integer(const system::Type& type) {
  return type.kind == Kind::Int;
}

bool reads_integers(const System& system, TermId root) {
  const TermId roots[] = {root};
  const auto parts = conditions::reachable(system, roots);
  return std::any_of(parts.begin(), parts.end(), [&](TermId id) {
    const auto& binders = system.at(id).binders;
    return is_integer(system.at(id).type) || std::any_of(binders.begin(), binders.end(), [&](system::BinderId binder) {
             return is_integer(system.at(binder).type);
           });
  });
}

/// The conjuncts that read no integers, as one formula.
TermId rest_of(system::Builder& builder, TermId formula) {
  std::vector<TermId> kept;
  for (const TermId one : conjuncts_of(builder.system(), formula)) {
    if (!reads_integers(builder.system(), one)) kept.push_back(one);
  }
  if (kept.empty()) return builder.truth(true);
  return kept.size() == 1 ? kept[0] : builder.conjunction(std::move(kept));
}

}  // namespace

std::optional<System> without_integers(const System& system, TermId formula) {
  if (reads_integers(system, formula)) return std::nullopt;
  System made = system;
  system::Builder builder(made);
  const TermId no = builder.truth(false);
  std::vector<bool> forgotten(made.functions.size(), false);
  for (std::size_t i = 0; i < made.functions.size(); ++i) {
    system::Function& function = made.functions[i];
    forgotten[i] =
        is_integer(function.result) || std::any_of(function.arguments.begin(), function.arguments.end(), is_integer);
    if (forgotten[i]) forget(made, system::FunctionId{i}, no);
    if (function.initial.valid() && reads_integers(system, function.initial)) {
      function.initial = {};
      function.parameters.clear();
    }
  }
  for (system::Action& action : made.actions) {
    action.guard = rest_of(builder, action.guard);
    std::erase_if(action.parameters, [&](system::BinderId binder) { return is_integer(system.at(binder).type); });
    std::erase_if(action.updates, [&](const system::Update& one) { return forgotten[one.function.index()]; });
    for (const system::Update& update : action.updates) {
      const auto reads = [&](TermId id) { return reads_integers(system, id); };
      if (reads(update.value) || std::any_of(update.at.begin(), update.at.end(), reads)) return std::nullopt;
    }
  }
  std::erase_if(made.properties,
                [](const system::Property& one) { return one.kind != system::PropertyKind::Assumption; });
  for (system::Property& assumption : made.properties) assumption.formula = rest_of(builder, assumption.formula);
  made.views.clear();
  if (made.initially.valid()) made.initially = rest_of(builder, made.initially);
  drop_unused_terms(made, formula);
  return made;
}

}  // namespace bulkhead::engine
