#include "checker/conditions/monitor.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "checker/conditions/instrument.h"

namespace bulkhead::conditions {
namespace {

using system::Action;
using system::Function;
using system::Op;
using system::System;
using system::Type;

/// What is remembered about a fair action: functions of its parameters.
struct Watch {
  ActionId action;
  FunctionId idle, taken, able;
  bool strong = false;
};

class Monitor {
 public:
  Monitor(const System& system, const system::LeadsTo& claim)
      : original_(system), claim_(claim), in_(system, claim), terms_(in_.terms()) {}

  Result<Monitored, std::string> make() {
    if (!in_.has_tables()) return fail(std::string("a fair action has parameters without a table"));
    declare();
    std::vector<Action> actions = original_.actions;
    for (std::size_t i = 0; i < actions.size(); ++i) extend(actions[i], ActionId{i});
    actions.push_back(save());
    TermId looped = goal();
    System result = in_.finished(std::move(actions), {&looped});
    return Monitored{std::move(result), looped};
  }

 private:
  void declare() {
    in_.declare_pending();
    saved_ = in_.flag("saved");
    for (std::size_t i = 0; i < original_.functions.size(); ++i) {
      const Function& function = original_.functions[i];
      if (function.change == system::Change::Rigid) continue;
      copies_.emplace_back(FunctionId{i}, copy(function));
    }
    for (const system::Fair& fair : claim_.fair) {
      watches_.push_back({fair.action, in_.flag_of("idle", fair.action), in_.flag_of("taken", fair.action),
                          in_.flag_of("able", fair.action), fair.strong});
    }
  }

  /// What a copy is at first does not matter: the same, so that no more initial states come up than there are.
  FunctionId copy(const Function& function) {
    Function copy;
    copy.name = "saved " + function.name;
    copy.arguments = function.arguments;
    copy.result = function.result;
    if (function.initial.valid()) {
      copy.parameters = in_.fresh(function.parameters);
      Substitution parameters;
      for (std::size_t i = 0; i < copy.parameters.size(); ++i) {
        parameters.emplace(function.parameters[i], terms_.bound(copy.parameters[i]));
      }
      copy.initial = in_.now(function.initial, parameters);
    }
    return terms_.declare(std::move(copy));
  }

  /// The action, which now tells the monitor what it does.
  void extend(Action& action, ActionId id) {
    const TermId from = in_.said_later(id, claim_.from), to = in_.said_later(id, claim_.to);
    const TermId begins = terms_.conjunction({terms_.negation(in_.is(saved_)), from});
    const TermId pending =
        terms_.conjunction({terms_.disjunction({in_.is(in_.pending()), begins}), terms_.negation(to)});
    action.updates.push_back({in_.pending(), {}, {}, pending, {}});
    for (const Watch& watch : watches_) {
      const TermId guard = original_.at(watch.action).guard;
      const auto noticed = [&](FunctionId function, TermId what, const std::vector<TermId>& at) {
        return terms_.conjunction({in_.is(saved_), terms_.disjunction({terms_.apply(function, at), what})});
      };
      action.updates.push_back(
          in_.for_each_instance(watch.action, watch.idle, [&](const auto& at, const auto& parameters) {
            return noticed(watch.idle, terms_.negation(in_.later(id, guard, parameters)), at);
          }));
      action.updates.push_back(
          in_.for_each_instance(watch.action, watch.able, [&](const auto& at, const auto& parameters) {
            return noticed(watch.able, in_.later(id, guard, parameters), at);
          }));
      if (watch.action != id) continue;
      action.updates.push_back(in_.for_each_instance(watch.action, watch.taken, [&](const auto& at, const auto&) {
        return noticed(watch.taken, in_.is_taken(at, action), at);
      }));
    }
  }

  Action save() {
    Action action;
    action.name = "save";
    action.guard = terms_.conjunction({in_.is(in_.pending()), terms_.negation(in_.is(saved_))});
    action.updates.push_back({saved_, {}, {}, terms_.truth(true), {}});
    for (const auto& [function, copy] : copies_) {
      std::vector<BinderId> each;
      for (const Type& type : original_.at(function).arguments) each.push_back(terms_.fresh({"x", type}));
      const auto at = in_.bound(each);
      action.updates.push_back({copy, each, at, terms_.apply(function, at), {}});
    }
    for (const Watch& watch : watches_) {
      const TermId guard = original_.at(watch.action).guard;
      action.updates.push_back(in_.for_each_instance(
          watch.action, watch.idle,
          [&](const auto&, const auto& parameters) { return terms_.negation(in_.now(guard, parameters)); }));
      action.updates.push_back(in_.for_each_instance(
          watch.action, watch.able, [&](const auto&, const auto& parameters) { return in_.now(guard, parameters); }));
    }
    return action;
  }

  TermId goal() {
    std::vector<TermId> all{in_.is(saved_), in_.is(in_.pending())};
    for (const auto& [function, copy] : copies_) {
      std::vector<BinderId> each;
      for (const Type& type : original_.at(function).arguments) each.push_back(terms_.fresh({"x", type}));
      const TermId same = terms_.equal(terms_.apply(function, in_.bound(each)), terms_.apply(copy, in_.bound(each)));
      all.push_back(terms_.quantified(Op::ForAll, each, same));
    }
    for (const Watch& watch : watches_) {
      const auto each = in_.fresh(original_.at(watch.action).parameters);
      const auto at = in_.bound(each);
      const TermId excused =
          watch.strong ? terms_.negation(terms_.apply(watch.able, at)) : terms_.apply(watch.idle, at);
      all.push_back(terms_.quantified(Op::ForAll, each, terms_.disjunction({terms_.apply(watch.taken, at), excused})));
    }
    return terms_.conjunction(std::move(all));
  }

  const System& original_;
  const system::LeadsTo& claim_;
  Instrument in_;
  Terms& terms_;
  FunctionId saved_;
  std::vector<std::pair<FunctionId, FunctionId>> copies_;
  std::vector<Watch> watches_;
};

}  // namespace

Result<Monitored, std::string> monitor(const System& system, const system::LeadsTo& claim) {
  return Monitor(system, claim).make();
}

}  // namespace bulkhead::conditions
