#include "tests/support/brute_force.h"

#include <set>

#include "lang/system/choices.h"

namespace bulkhead::test {

using namespace bulkhead::system;

namespace {

constexpr std::size_t kMaxStates = 4096;
constexpr std::size_t kMaxReached = 400;

std::vector<Fired> instances_of(const System& system, const Scope& scope) {
  std::vector<Fired> instances;
  for (std::size_t i = 0; i < system.actions.size(); ++i) {
    const Choices choices(system, scope, system.actions[i].parameters);
    Binding binding;
    for (bool more = choices.first(binding); more; more = choices.next(binding)) {
      Fired fired{ActionId(i), {}};
      for (const BinderId parameter : system.actions[i].parameters) fired.arguments.push_back(binding.at(parameter));
      instances.push_back(fired);
    }
  }
  return instances;
}

/// Counts through the states, entry by entry.
bool next_state(const System& system, const Scope& scope, State& state) {
  for (std::size_t i = 0; i < state.tables.size(); ++i) {
    const auto count = static_cast<Value>(*cardinality(system, scope, system.functions[i].result));
    for (Value& entry : state.tables[i]) {
      if (++entry < count) return true;
      entry = 0;
    }
  }
  return false;
}

/// The reachable states as numbers, with all that the fixpoint asks about.
struct Space {
  std::vector<State> states;
  std::vector<std::vector<std::size_t>> after;  // by state, by instance; the state itself + kOff where it is disabled
  static constexpr std::size_t kOff = ~std::size_t{0};
};
using Set = std::vector<bool>;

/// States of `within` from which some path in `within`, stopping included, leads to `goal`.
Set leads_into(const Space& space, const Set& within, Set goal) {
  for (bool grows = true; grows;) {
    grows = false;
    for (std::size_t s = 0; s < space.states.size(); ++s) {
      if (goal[s] || !within[s]) continue;
      for (const std::size_t t : space.after[s]) goal[s] = goal[s] || (t != Space::kOff && goal[t] && within[t]);
      grows = grows || goal[s];
    }
  }
  return goal;
}

/// States of `within` from which a path in `within` visits each of these again and again: a state where the instance is
/// off (if that counts), or a step of it.
struct Recurring {
  std::size_t instance;
  bool off_counts;
};
Set recurring_path(const Space& space, Set within, const std::vector<Recurring>& wanted) {
  for (bool shrinks = true; shrinks;) {
    const Set before = within;
    for (const Recurring& one : wanted) {
      Set goal(within.size(), false);
      for (std::size_t s = 0; s < within.size(); ++s) {
        const std::size_t t = space.after[s][one.instance];
        if (!within[s]) continue;
        goal[s] = t == Space::kOff ? one.off_counts : within[t] && before[t];
      }
      const Set near = leads_into(space, within, goal);
      for (std::size_t s = 0; s < within.size(); ++s) within[s] = within[s] && near[s];
    }
    shrinks = within != before;
  }
  return within;
}

}  // namespace

std::optional<std::vector<State>> initial_states(const System& system, const Scope& scope) {
  State state;
  std::size_t count = 1;
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    const auto values = cardinality(system, scope, system.functions[i].result);
    if (!values) return std::nullopt;
    const std::size_t size = table_size(system, scope, FunctionId(i));
    state.tables.emplace_back(size, 0);
    for (std::size_t j = 0; j < size && count <= kMaxStates; ++j) count *= *values;
  }
  if (count > kMaxStates) return std::nullopt;
  std::vector<State> initial;
  do {
    if (is_initial(system, scope, state) == Answer::Yes) initial.push_back(state);
  } while (next_state(system, scope, state));
  return initial;
}

std::optional<std::map<State, std::size_t>> brute_force(const System& system, const Scope& scope) {
  const auto initial = initial_states(system, scope);
  if (!initial) return std::nullopt;
  std::map<State, std::size_t> reached;
  std::vector<State> queue;
  for (const State& state : *initial) {
    reached.emplace(state, 0);
    queue.push_back(state);
  }
  const auto instances = instances_of(system, scope);
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const State from = queue[i];
    for (const Fired& fired : instances) {
      const Stepped next = step(system, scope, from, fired);
      if (next.fires == Answer::Beyond) return std::nullopt;
      if (next.fires == Answer::No || !reached.try_emplace(next.state, reached.at(from) + 1).second) continue;
      queue.push_back(next.state);
    }
  }
  return reached;
}

std::optional<bool> violates_leads_to(const System& system, const Scope& scope, const LeadsTo& claim) {
  const auto reached = brute_force(system, scope);
  if (!reached || reached->size() > kMaxReached) return std::nullopt;
  const auto instances = instances_of(system, scope);
  Space space;
  std::map<State, std::size_t> number;
  for (const auto& [state, distance] : *reached) {
    number.emplace(state, space.states.size());
    space.states.push_back(state);
  }
  for (const State& state : space.states) {
    auto& after = space.after.emplace_back();
    for (const Fired& fired : instances) {
      const Stepped next = step(system, scope, state, fired);
      after.push_back(next.fires == Answer::Yes ? number.at(next.state) : Space::kOff);
    }
  }
  std::set<std::size_t> weak, strong;
  for (const Fair& fair : claim.fair) {
    for (std::size_t i = 0; i < instances.size(); ++i) {
      if (instances[i].action == fair.action) (fair.strong ? strong : weak).insert(i);
    }
  }
  if (strong.size() > 6) return std::nullopt;
  const std::vector<std::size_t> guessed(strong.begin(), strong.end());
  const Choices choices(system, scope, claim.each);
  Binding binding;
  for (bool more = choices.first(binding); more; more = choices.next(binding)) {
    Set avoids, from;
    for (const State& state : space.states) {
      avoids.push_back(holds(system, scope, state, claim.to, binding) == Answer::No);
      from.push_back(avoids.back() && holds(system, scope, state, claim.from, binding) == Answer::Yes);
    }
    for (std::size_t guess = 0; guess < (std::size_t{1} << guessed.size()); ++guess) {
      Set within = avoids;
      std::vector<Recurring> wanted;
      for (const std::size_t instance : weak) wanted.push_back({instance, true});
      for (std::size_t i = 0; i < guessed.size(); ++i) {
        if ((guess >> i & 1) == 0) {
          wanted.push_back({guessed[i], false});
          continue;
        }
        for (std::size_t s = 0; s < within.size(); ++s)
          within[s] = within[s] && space.after[s][guessed[i]] == Space::kOff;
      }
      const Set looping = leads_into(space, avoids, recurring_path(space, within, wanted));
      for (std::size_t s = 0; s < looping.size(); ++s) {
        if (looping[s] && from[s]) return true;
      }
    }
  }
  return false;
}

}  // namespace bulkhead::test
