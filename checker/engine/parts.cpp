#include "checker/engine/parts.h"

#include <algorithm>
#include <string>

#include "checker/conditions/terms.h"

namespace bulkhead::engine {

using system::Kind;
using system::Op;
using system::System;
using system::TermId;

std::vector<TermId> conjuncts_of(const System& system, TermId formula) {
  std::vector<TermId> list, open{formula};
  while (!open.empty()) {
    const TermId id = open.back();
    open.pop_back();
    const system::Term& term = system.at(id);
    if (term.op == Op::And)
      open.insert(open.end(), term.args.begin(), term.args.end());
    else
      list.push_back(id);
  }
  std::sort(list.begin(), list.end());
  return list;
}

void forget(System& system, system::FunctionId function, TermId no) {
  system::Function& forgotten = system.functions[function.index()];
  const std::string name = forgotten.name;
  forgotten = {};
  forgotten.name = name;
  forgotten.initial = no;
}

namespace {

/// Everything that the system still speaks of.
std::vector<TermId> roots_of(const System& system) {
  std::vector<TermId> roots;
  for (const system::Function& function : system.functions) {
    if (function.initial.valid()) roots.push_back(function.initial);
  }
  for (const system::Action& action : system.actions) {
    roots.push_back(action.guard);
    for (const system::Update& update : action.updates) {
      roots.push_back(update.value);
      roots.insert(roots.end(), update.at.begin(), update.at.end());
    }
  }
  for (const system::Property& property : system.properties) roots.push_back(property.formula);
  for (const system::View& view : system.views) {
    for (const system::View::Item& item : view.items) roots.insert(roots.end(), {item.condition, item.value});
  }
  if (system.initially.valid()) roots.push_back(system.initially);
  return roots;
}

}  // namespace

void drop_unused_terms(System& system, TermId formula) {
  std::vector<TermId> roots = roots_of(system);
  roots.push_back(formula);
  std::vector<bool> used(system.terms.size(), false);
  for (const TermId id : conditions::reachable(system, roots)) used[id.index()] = true;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) system.terms[i] = {};
  }
}

std::vector<bool> used_sorts(const System& system) {
  std::vector<bool> sorts(system.sorts.size(), false);
  const auto see = [&](const system::Type& type) {
    if (type.kind == Kind::Sort) sorts[type.sort.index()] = true;
  };
  for (const system::Term& term : system.terms) {
    see(term.type);
    for (const system::BinderId binder : term.binders) see(system.at(binder).type);
  }
  for (const system::Function& function : system.functions) {
    see(function.result);
    for (const system::Type& type : function.arguments) see(type);
  }
  return sorts;
}

}  // namespace bulkhead::engine
