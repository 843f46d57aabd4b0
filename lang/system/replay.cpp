#include "lang/system/replay.h"

#include <algorithm>

#include "lang/base/check.h"
#include "lang/system/choices.h"
#include "lang/system/enumerate.h"

namespace bulkhead::system {
namespace {

std::string at_step(std::size_t index, const std::string& what) {
  return "step " + std::to_string(index + 1) + what;
}

std::optional<std::string> outside_bounds(const Bounds& bounds, const Run& run) {
  for (const auto& [sort, size] : bounds.sizes) {
    if (run.scope.sizes.at(sort.index()) != size) return "the run has other sizes than the claim";
  }
  if (bounds.steps && run.steps.size() > *bounds.steps) return "the run has more steps than the claim allows";
  return std::nullopt;
}

/// Some state has this truth of the formula.
std::optional<std::string> some_state(const System& system, const Replayed& replayed, const Scope& scope,
                                      TermId formula, Answer truth) {
  for (const State& state : replayed.states) {
    if (holds(system, scope, state, formula, {}) == truth) return std::nullopt;
  }
  return "no state of the run violates the claim";
}

/// The fair action's instance with these arguments is treated fairly in the loop.
bool is_fair(const System& system, const Replayed& replayed, const Run& run, const Fired& instance, bool strong) {
  const auto from = static_cast<std::ptrdiff_t>(*run.loop);
  if (std::find(run.steps.begin() + from, run.steps.end(), instance) != run.steps.end()) return true;
  const auto disabled = [&](const State& state) {
    return step(system, run.scope, state, instance).fires == Answer::No;
  };
  const auto first = replayed.states.begin() + from;
  return strong ? std::all_of(first, replayed.states.end(), disabled)
                : std::any_of(first, replayed.states.end(), disabled);
}

std::optional<std::string> unfair(const System& system, const LeadsTo& claim, const Replayed& replayed,
                                  const Run& run) {
  for (const Fair& fair : claim.fair) {
    const auto instances = instances_of(system, run.scope, fair.action);  // others are never enabled
    if (!instances) return "the instances of a fair action cannot be listed";
    for (const Fired& instance : *instances) {
      if (!is_fair(system, replayed, run, instance, fair.strong)) return "the loop is not fair";
    }
  }
  return std::nullopt;
}

/// For these values of `each`: some state satisfies `from`, and no state from there on, the loop included, `to`.
bool never_led(const System& system, const LeadsTo& claim, const Replayed& replayed, const Run& run,
               const Binding& binding) {
  const auto is = [&](TermId formula, std::size_t index, Answer truth) {
    return holds(system, run.scope, replayed.states[index], formula, binding) == truth;
  };
  std::size_t free_from = replayed.states.size();  // from here to the end no state satisfies `to`
  while (free_from > 0 && is(claim.to, free_from - 1, Answer::No)) --free_from;
  if (free_from > *run.loop) return false;  // some state of the loop may satisfy `to`
  for (std::size_t i = free_from; i < replayed.states.size(); ++i) {
    if (is(claim.from, i, Answer::Yes)) return true;
  }
  return false;
}

std::optional<std::string> not_led(const System& system, const LeadsTo& claim, const Replayed& replayed,
                                   const Run& run) {
  if (!run.loop) return "a run without a loop violates no `leads to`";
  if (auto objection = unfair(system, claim, replayed, run)) return objection;
  const Choices choices(system, run.scope, claim.each);
  if (!choices.listable() || !choices.size()) return "the values of a variable of the claim cannot be listed";
  Binding binding;
  for (bool more = choices.first(binding); more; more = choices.next(binding)) {
    if (never_led(system, claim, replayed, run, binding)) return std::nullopt;
  }
  return "the run leads from every such state to what is claimed";
}

}  // namespace

bool is_too_long(const Run& run) {
  std::size_t entries = 1;
  for (const auto& table : run.first.tables) entries += table.size();
  return run.steps.size() > kMaxSteps || run.steps.size() > kMaxRunEntries / entries;
}

Replayed replay(const System& system, const Run& run) {
  Replayed replayed;
  const auto object = [&](std::string why) {
    replayed.objection = std::move(why);
    return replayed;
  };
  if (!is_tabular(system)) return object("a function of the system takes integers or words: it has no table");
  if (!is_scope(system, run.scope)) return object("the sizes of the sorts are none of the system's, or too large");
  if (!is_state(system, run.scope, run.first)) return object("the first state is no state of the system");
  if (is_too_long(run)) return object("the run is longer than what is replayed");
  if (is_initial(system, run.scope, run.first) != Answer::Yes) return object("the first state is not initial");
  replayed.states.push_back(run.first);
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    if (!fits(system, run.scope, run.steps[i])) return object(at_step(i, " is no action with its arguments"));
    Stepped next = step(system, run.scope, replayed.states.back(), run.steps[i]);
    if (next.fires == Answer::No) return object(at_step(i, " is not enabled"));
    if (next.fires == Answer::Beyond) return object(at_step(i, " is beyond what can be computed"));
    replayed.states.push_back(std::move(next.state));
  }
  if (run.loop && *run.loop > run.steps.size()) return object("the loop begins after the end");
  if (run.loop && replayed.states[*run.loop] != replayed.states.back()) return object("the loop does not close");
  return replayed;
}

std::optional<std::string> replay_violation(const System& system, const Theorem& theorem, const Run& run) {
  const Replayed replayed = replay(system, run);
  if (replayed.objection) return replayed.objection;
  if (auto objection = outside_bounds(theorem.bounds, run)) return objection;
  if (const auto* always = std::get_if<Always>(&theorem.statement)) {
    return some_state(system, replayed, run.scope, system.at(always->property).formula, Answer::No);
  }
  if (const auto* never = std::get_if<Never>(&theorem.statement)) {
    return some_state(system, replayed, run.scope, never->formula, Answer::Yes);
  }
  if (const auto* leads = std::get_if<LeadsTo>(&theorem.statement)) return not_led(system, *leads, replayed, run);
  return "one run shows no leak";
}

}  // namespace bulkhead::system
