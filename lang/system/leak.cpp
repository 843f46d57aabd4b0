#include <algorithm>

#include "lang/base/check.h"
#include "lang/system/choices.h"
#include "lang/system/evaluator.h"
#include "lang/system/replay.h"

namespace bulkhead::system {
namespace {

/// `source` may influence `target`: they are one, or the claim excepts it. None: beyond.
std::optional<bool> may_influence(const System& system, const Run& run, const LeaksNothing& claim, Value source,
                                  Value target) {
  if (source == target) return true;
  if (!claim.except.valid()) return false;
  const Binding binding{{claim.observer, target}, {claim.source, source}};
  const Answer excepted = holds(system, run.scope, run.first, claim.except, binding);  // rigid: any state will do
  if (excepted == Answer::Beyond) return std::nullopt;
  return excepted == Answer::Yes;
}

struct Purged {
  std::set<Value> sources;
  std::vector<Fired> kept;
};

/// Walks backwards: whose step may influence a source is a source before it, all others' steps are dropped.
std::optional<Purged> purge(const System& system, const Run& run, const LeaksNothing& claim, Value observer) {
  Purged purged{{observer}, {}};
  for (std::size_t i = run.steps.size(); i-- > 0;) {
    const auto subject = subject_of(system, claim, run.steps[i]);
    bool kept = !subject.has_value();
    if (subject) {
      for (const Value target : purged.sources) {
        const auto influences = may_influence(system, run, claim, *subject, target);
        if (!influences) return std::nullopt;
        kept = kept || *influences;
      }
    }
    if (kept) purged.kept.push_back(run.steps[i]);
    if (kept && subject) purged.sources.insert(*subject);
  }
  std::reverse(purged.kept.begin(), purged.kept.end());
  return purged;
}

/// The last state of attempts from an initial state; or why there is none.
Replayed attempt(const System& system, const Run& run) {
  Replayed replayed = replay(system, {run.scope, run.first, {}, std::nullopt});
  if (!replayed.objection && is_too_long(run)) replayed.objection = "the run is longer than what is replayed";
  for (const Fired& fired : run.steps) {
    if (replayed.objection) return replayed;
    if (!fits(system, run.scope, fired)) {
      replayed.objection = "a step is no action with its arguments";
      return replayed;
    }
    Stepped next = step(system, run.scope, replayed.states.back(), fired);
    if (next.fires == Answer::Beyond) replayed.objection = "a step is beyond what can be computed";
    replayed.states.push_back(next.fires == Answer::Yes ? std::move(next.state) : replayed.states.back());
  }
  return replayed;
}

bool rigid_agrees(const System& system, const State& left, const State& right) {
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    if (system.functions[i].change == Change::Rigid && left.tables[i] != right.tables[i]) return false;
  }
  return true;
}

/// Yes: the subject sees different things in the two states.
Answer differs(const System& system, const Scope& scope, const View& view, Value subject, const State& left,
               const State& right) {
  const auto a = look(system, scope, left, view, subject);
  const auto b = look(system, scope, right, view, subject);
  if (!a || !b) return Answer::Beyond;
  return *a != *b ? Answer::Yes : Answer::No;
}

bool leaks_to(const System& system, const LeaksNothing& claim, const Run& left, const Replayed& left_states,
              const Run& right, const Replayed& right_states, Value observer) {
  const auto a = purge(system, left, claim, observer);
  const auto b = purge(system, right, claim, observer);
  if (!a || !b || a->kept != b->kept) return false;
  const View& view = system.at(claim.view);
  const auto alike = [&](Value source) {
    return differs(system, left.scope, view, source, left.first, right.first) == Answer::No;
  };
  if (!std::all_of(a->sources.begin(), a->sources.end(), alike)) return false;
  if (!std::all_of(b->sources.begin(), b->sources.end(), alike)) return false;
  const State& end = left_states.states.back();
  return differs(system, left.scope, view, observer, end, right_states.states.back()) == Answer::Yes;
}

}  // namespace

std::optional<Value> subject_of(const System& system, const LeaksNothing& claim, const Fired& fired) {
  const std::vector<BinderId>& parameters = system.at(fired.action).parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (system.at(parameters[i]).type == system.at(claim.observer).type) return fired.arguments[i];
  }
  return std::nullopt;
}

std::optional<std::vector<Seen>> look(const System& system, const Scope& scope, const State& state, const View& view,
                                      Value observer) {
  std::vector<Seen> seen;
  Evaluator evaluator(system, scope, state, {{view.observer, observer}});
  for (std::size_t i = 0; i < view.items.size(); ++i) {
    const View::Item& item = view.items[i];
    const Choices choices(system, scope, item.each);
    if (!choices.listable()) return std::nullopt;
    for (bool more = choices.first(evaluator.binding()); more; more = choices.next(evaluator.binding())) {
      const auto condition = evaluator.value(item.condition);
      if (!condition) return std::nullopt;
      if (*condition == 0) continue;
      const auto shown = evaluator.value(item.value);
      if (!shown) return std::nullopt;
      Seen one{i, {}, *shown};
      for (const BinderId binder : item.each) one.choice.push_back(evaluator.binding().at(binder));
      seen.push_back(std::move(one));
    }
  }
  return seen;
}

std::optional<std::string> replay_leak(const System& system, const Theorem& theorem, const Run& left,
                                       const Run& right) {
  const auto* claim = std::get_if<LeaksNothing>(&theorem.statement);
  BH_CHECK(claim != nullptr, "only LeaksNothing is refuted by two runs");
  if (left.loop || right.loop) return "the runs go round, and what leaks is seen at an end";
  const Replayed left_states = attempt(system, left);
  if (left_states.objection) return "first run: " + *left_states.objection;
  const Replayed right_states = attempt(system, right);
  if (right_states.objection) return "second run: " + *right_states.objection;
  if (left.scope != right.scope) return "the runs have different sizes of sorts";
  for (const auto& [sort, size] : theorem.bounds.sizes) {
    if (left.scope.sizes.at(sort.index()) != size) return "the runs have other sizes than the claim";
  }
  const auto& steps = theorem.bounds.steps;
  if (steps && std::max(left.steps.size(), right.steps.size()) > *steps) return "the runs are longer than the claim";
  if (!rigid_agrees(system, left.first, right.first)) return "the runs differ in what never changes";
  const auto observers = static_cast<Value>(*cardinality(system, left.scope, system.at(claim->observer).type));
  for (Value observer = 0; observer < observers; ++observer) {
    if (leaks_to(system, *claim, left, left_states, right, right_states, observer)) return std::nullopt;
  }
  return "no observer sees a difference that it should not";
}

}  // namespace bulkhead::system
