#include "checker/conditions/monitor.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "checker/conditions/substitute.h"
#include "checker/conditions/terms.h"

namespace bulkhead::conditions {
namespace {

using system::Action;
using system::Function;
using system::Kind;
using system::Op;
using system::System;
using system::Type;
using system::Update;

/// Drops the terms that nothing uses: makers of formulas leave some behind.
class Compaction {
 public:
  explicit Compaction(const System& from) : from_(from) {}

  System run(TermId& extra) {
    System to = from_;
    each_root(to, [&](TermId& id) { roots_.push_back(id); });
    roots_.push_back(extra);
    to.terms.clear();
    for (const TermId id : reachable(from_, roots_)) {
      system::Term term = from_.at(id);
      for (TermId& arg : term.args) arg = place_.at(arg);
      place_.emplace(id, to.terms.size());
      to.terms.push_back(std::move(term));
    }
    each_root(to, [&](TermId& id) { id = place_.at(id); });
    extra = place_.at(extra);
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

/// What is remembered about a fair action: functions of its parameters.
struct Watch {
  ActionId action;
  FunctionId idle, taken, able;
  bool strong = false;
};

class Monitor {
 public:
  Monitor(const System& system, const system::LeadsTo& claim) : original_(system), claim_(claim), terms_(system) {}

  Result<Monitored, std::string> make() {
    for (const system::Fair& fair : claim_.fair) {
      for (const BinderId parameter : original_.at(fair.action).parameters) {
        const Kind kind = original_.at(parameter).type.kind;
        if (kind == Kind::Int || kind == Kind::Bits)
          return fail(std::string("a fair action has parameters without a table"));
      }
    }
    declare();
    std::vector<Action> actions = original_.actions;
    for (std::size_t i = 0; i < actions.size(); ++i) extend(actions[i], ActionId{i});
    actions.push_back(save());
    TermId looped = goal();
    const TermId initially = first();
    System result = terms_.system();
    result.actions = std::move(actions);
    result.initially = initially;
    result = Compaction(result).run(looped);
    return Monitored{std::move(result), looped};
  }

 private:
  FunctionId declare(std::string name, system::Change change, std::vector<Type> arguments, Type result,
                     TermId initial = {}) {
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
  FunctionId flag(const std::string& name, std::vector<Type> arguments = {}) {
    return declare(name, system::Change::State, std::move(arguments), system::kBool, terms_.truth(false));
  }

  void declare() {
    for (std::size_t i = 0; i < claim_.each.size(); ++i) {
      const Type type = original_.at(claim_.each[i]).type;
      const FunctionId id = declare("witness " + std::to_string(i + 1), system::Change::Rigid, {}, type);
      witnesses_.emplace(claim_.each[i], terms_.apply(id, {}));
    }
    pending_ = declare("pending", system::Change::State, {}, system::kBool);
    saved_ = flag("saved");
    for (std::size_t i = 0; i < original_.functions.size(); ++i) {
      const Function& function = original_.functions[i];
      if (function.change == system::Change::Rigid) continue;
      copies_.emplace_back(FunctionId{i}, copy(function));
    }
    for (const system::Fair& fair : claim_.fair) {
      std::vector<Type> types;
      for (const BinderId one : original_.at(fair.action).parameters) types.push_back(original_.at(one).type);
      const std::string name = original_.at(fair.action).name;
      watches_.push_back({fair.action, flag("idle " + name, types), flag("taken " + name, types),
                          flag("able " + name, types), fair.strong});
    }
  }

  /// What a copy is at first does not matter: the same, so that no more initial states come up than there are.
  FunctionId copy(const Function& function) {
    Function copy;
    copy.name = "saved " + function.name;
    copy.arguments = function.arguments;
    copy.result = function.result;
    if (function.initial.valid()) {
      copy.parameters = fresh(function.parameters);
      Substitution parameters;
      for (std::size_t i = 0; i < copy.parameters.size(); ++i) {
        parameters.emplace(function.parameters[i], terms_.bound(copy.parameters[i]));
      }
      copy.initial = now(function.initial, parameters);
    }
    return terms_.declare(std::move(copy));
  }

  // Every use of a formula gets quantifiers of its own: in a system each binder has one owner.
  TermId now(TermId formula, const Substitution& substitution) { return instantiate(terms_, formula, substitution); }
  TermId later(ActionId action, TermId formula, const Substitution& substitution) {
    return instantiate(terms_, after(terms_, action, {}, now(formula, substitution)), {});
  }
  TermId is(FunctionId function) { return terms_.apply(function, {}); }

  std::vector<BinderId> fresh(const std::vector<BinderId>& like) {
    std::vector<BinderId> binders;
    for (const BinderId one : like) binders.push_back(terms_.fresh(one));
    return binders;
  }
  std::vector<TermId> bound(const std::vector<BinderId>& binders) {
    std::vector<TermId> list;
    for (const BinderId one : binders) list.push_back(terms_.bound(one));
    return list;
  }
  /// `forall x: function(x) := value(x)`, for x like the parameters of the watched action.
  template <typename Value>
  Update for_each_instance(const Watch& watch, FunctionId function, const Value& value) {
    const auto each = fresh(original_.at(watch.action).parameters);
    const auto at = bound(each);
    Substitution parameters;
    for (std::size_t i = 0; i < each.size(); ++i) parameters.emplace(original_.at(watch.action).parameters[i], at[i]);
    return {function, each, at, value(at, parameters), {}};
  }

  /// The action, which now tells the monitor what it does.
  void extend(Action& action, ActionId id) {
    const TermId from = later(id, claim_.from, witnesses_), to = later(id, claim_.to, witnesses_);
    const TermId begins = terms_.conjunction({terms_.negation(is(saved_)), from});
    const TermId pending = terms_.conjunction({terms_.disjunction({is(pending_), begins}), terms_.negation(to)});
    action.updates.push_back({pending_, {}, {}, pending, {}});
    for (const Watch& watch : watches_) {
      const TermId guard = original_.at(watch.action).guard;
      const auto noticed = [&](FunctionId function, TermId what, const std::vector<TermId>& at) {
        return terms_.conjunction({is(saved_), terms_.disjunction({terms_.apply(function, at), what})});
      };
      action.updates.push_back(for_each_instance(watch, watch.idle, [&](const auto& at, const auto& parameters) {
        return noticed(watch.idle, terms_.negation(later(id, guard, parameters)), at);
      }));
      action.updates.push_back(for_each_instance(watch, watch.able, [&](const auto& at, const auto& parameters) {
        return noticed(watch.able, later(id, guard, parameters), at);
      }));
      if (watch.action != id) continue;
      action.updates.push_back(for_each_instance(watch, watch.taken, [&](const auto& at, const auto&) {
        std::vector<TermId> same;
        for (std::size_t i = 0; i < at.size(); ++i)
          same.push_back(terms_.equal(at[i], terms_.bound(action.parameters[i])));
        return noticed(watch.taken, terms_.conjunction(same), at);
      }));
    }
  }

  Action save() {
    Action action;
    action.name = "save";
    action.guard = terms_.conjunction({is(pending_), terms_.negation(is(saved_))});
    action.updates.push_back({saved_, {}, {}, terms_.truth(true), {}});
    for (const auto& [function, copy] : copies_) {
      std::vector<BinderId> each;
      for (const Type& type : original_.at(function).arguments) each.push_back(terms_.fresh({"x", type}));
      const auto at = bound(each);
      action.updates.push_back({copy, each, at, terms_.apply(function, at), {}});
    }
    for (const Watch& watch : watches_) {
      const TermId guard = original_.at(watch.action).guard;
      action.updates.push_back(for_each_instance(watch, watch.idle, [&](const auto&, const auto& parameters) {
        return terms_.negation(now(guard, parameters));
      }));
      action.updates.push_back(for_each_instance(
          watch, watch.able, [&](const auto&, const auto& parameters) { return now(guard, parameters); }));
    }
    return action;
  }

  TermId goal() {
    std::vector<TermId> all{is(saved_), is(pending_)};
    for (const auto& [function, copy] : copies_) {
      std::vector<BinderId> each;
      for (const Type& type : original_.at(function).arguments) each.push_back(terms_.fresh({"x", type}));
      const TermId same = terms_.equal(terms_.apply(function, bound(each)), terms_.apply(copy, bound(each)));
      all.push_back(terms_.quantified(Op::ForAll, each, same));
    }
    for (const Watch& watch : watches_) {
      const auto each = fresh(original_.at(watch.action).parameters);
      const auto at = bound(each);
      const TermId excused =
          watch.strong ? terms_.negation(terms_.apply(watch.able, at)) : terms_.apply(watch.idle, at);
      all.push_back(terms_.quantified(Op::ForAll, each, terms_.disjunction({terms_.apply(watch.taken, at), excused})));
    }
    return terms_.conjunction(std::move(all));
  }

  /// Initially something is pending where P is true and Q is not.
  TermId first() {
    const TermId from = now(claim_.from, witnesses_), to = now(claim_.to, witnesses_);
    const TermId pending = terms_.equal(is(pending_), terms_.conjunction({from, terms_.negation(to)}));
    const TermId before = terms_.system().initially;
    return before.valid() ? terms_.conjunction({before, pending}) : pending;
  }

  const System& original_;
  const system::LeadsTo& claim_;
  Terms terms_;
  Substitution witnesses_;
  FunctionId pending_, saved_;
  std::vector<std::pair<FunctionId, FunctionId>> copies_;
  std::vector<Watch> watches_;
};

}  // namespace

Result<Monitored, std::string> monitor(const System& system, const system::LeadsTo& claim) {
  return Monitor(system, claim).make();
}

}  // namespace bulkhead::conditions
