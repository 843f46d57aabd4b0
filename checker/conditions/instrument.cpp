#include "checker/conditions/instrument.h"

#include <algorithm>
#include <map>
#include <utility>

namespace bulkhead::conditions {
namespace {

using system::Action;
using system::Function;
using system::Kind;
using system::System;
using system::Type;
using system::Update;

/// Drops the terms that nothing uses: makers of formulas leave some behind.
class Compaction {
 public:
  explicit Compaction(const System& from) : from_(from) {}

  System run(const std::vector<TermId*>& extra) {
    System to = from_;
    each_root(to, [&](TermId& id) { roots_.push_back(id); });
    for (const TermId* id : extra) roots_.push_back(*id);
    to.terms.clear();
    for (const TermId id : reachable(from_, roots_)) {
      system::Term term = from_.at(id);
      for (TermId& arg : term.args) arg = place_.at(arg);
      place_.emplace(id, to.terms.size());
      to.terms.push_back(std::move(term));
    }
    each_root(to, [&](TermId& id) { id = place_.at(id); });
    for (TermId* id : extra) *id = place_.at(*id);
    return to;
  }

 private:
  template <typename Visit>
  static void each_root(System& system, const Visit& visit) {
    const auto maybe = [&](TermId& id) {
      if (id.valid()) visit(id);
    };
    for (Function& function : system.functions) maybe(function.initial);
    for (Action& action : system.actions) {
      visit(action.guard);
      for (Update& update : action.updates) {
        std::for_each(update.at.begin(), update.at.end(), visit);
        visit(update.value);
      }
    }
    for (system::Property& property : system.properties) visit(property.formula);
    for (system::View& view : system.views) {
      for (auto& item : view.items) {
        visit(item.condition);
        visit(item.value);
      }
    }
    maybe(system.initially);
  }

  const System& from_;
  std::vector<TermId> roots_;
  std::map<TermId, TermId> place_;
};

}  // namespace

Instrument::Instrument(const System& system, const system::LeadsTo& claim)
    : original_(system), claim_(claim), terms_(system) {}

bool Instrument::has_tables() const {
  return std::all_of(claim_.fair.begin(), claim_.fair.end(), [&](const system::Fair& fair) {
    const auto& parameters = original_.at(fair.action).parameters;
    return std::all_of(parameters.begin(), parameters.end(), [&](BinderId one) {
      const Kind kind = original_.at(one).type.kind;
      return kind != Kind::Int && kind != Kind::Bits;
    });
  });
}

FunctionId Instrument::declare(std::string name, system::Change change, std::vector<Type> arguments, Type result,
                               TermId initial) {
  Function function;
  function.name = std::move(name);
  function.change = change;
  function.arguments = std::move(arguments);
  function.result = result;
  if (initial.valid()) {
    for (const Type& type : function.arguments) function.parameters.push_back(terms_.fresh({"x", type}));
    function.initial = initial;
  }
  return terms_.declare(std::move(function));
}
FunctionId Instrument::flag(const std::string& name, std::vector<Type> arguments) {
  return declare(name, system::Change::State, std::move(arguments), system::kBool, terms_.truth(false));
}
FunctionId Instrument::flag_of(const std::string& name, ActionId fair) {
  std::vector<Type> types;
  for (const BinderId one : original_.at(fair).parameters) types.push_back(original_.at(one).type);
  return flag(name + " " + original_.at(fair).name, std::move(types));
}
void Instrument::declare_pending() {
  for (std::size_t i = 0; i < claim_.each.size(); ++i) {
    const Type type = original_.at(claim_.each[i]).type;
    const FunctionId id = declare("witness " + std::to_string(i + 1), system::Change::Rigid, {}, type);
    witnesses_.emplace(claim_.each[i], terms_.apply(id, {}));
  }
  pending_ = declare("pending", system::Change::State, {}, system::kBool);
}

TermId Instrument::later(ActionId action, TermId formula, const Substitution& substitution) {
  return instantiate(terms_, after(terms_, action, {}, now(formula, substitution)), {});
}
std::vector<BinderId> Instrument::fresh(const std::vector<BinderId>& like) {
  std::vector<BinderId> binders;
  for (const BinderId one : like) binders.push_back(terms_.fresh(one));
  return binders;
}
std::vector<TermId> Instrument::bound(const std::vector<BinderId>& binders) {
  std::vector<TermId> list;
  for (const BinderId one : binders) list.push_back(terms_.bound(one));
  return list;
}

Update Instrument::for_each_instance(ActionId fair, FunctionId function, const Value& value) {
  const auto each = fresh(original_.at(fair).parameters);
  const auto at = bound(each);
  Substitution parameters;
  for (std::size_t i = 0; i < each.size(); ++i) parameters.emplace(original_.at(fair).parameters[i], at[i]);
  return {function, each, at, value(at, parameters), {}};
}
TermId Instrument::is_taken(const std::vector<TermId>& at, const Action& action) {
  std::vector<TermId> same;
  for (std::size_t i = 0; i < at.size(); ++i) same.push_back(terms_.equal(at[i], terms_.bound(action.parameters[i])));
  return terms_.conjunction(std::move(same));
}

System Instrument::finished(std::vector<Action> actions, const std::vector<TermId*>& kept) {
  const TermId begins = terms_.conjunction({said(claim_.from), terms_.negation(said(claim_.to))});
  const TermId pending = terms_.equal(is(pending_), begins);
  const TermId before = terms_.system().initially;
  const TermId initially = before.valid() ? terms_.conjunction({before, pending}) : pending;
  System result = terms_.system();
  result.actions = std::move(actions);
  result.initially = initially;
  return Compaction(result).run(kept);
}

}  // namespace bulkhead::conditions
