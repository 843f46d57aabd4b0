#include "lang/system/enumerate.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lang/system/choices.h"
#include "lang/system/ranges.h"

namespace bulkhead::system {
namespace {

/// Nothing declares its initial values.
bool is_open(const Function& function) {
  return function.change == Change::Rigid || !function.initial.valid();
}

/// Every tuple with one value out of each range, the last one running fastest; false where `visit` says so.
template <typename Visit>
bool each_tuple(const std::vector<Range>& ranges, const Visit& visit) {
  std::vector<Value> tuple;
  for (const Range& range : ranges) {
    if (range.most < range.least) return true;
    tuple.push_back(range.least);
  }
  for (bool more = true; more;) {
    if (!visit(tuple)) return false;
    more = false;
    for (std::size_t i = tuple.size(); i-- > 0 && !more;) {
      more = tuple[i] < ranges[i].most;
      tuple[i] = more ? tuple[i] + 1 : ranges[i].least;
    }
  }
  return true;
}

class Enumeration {
 public:
  Enumeration(const System& system, const Scope& scope) : system_(system) { found_.scope = scope; }

  Result<Reachable, std::string> run(std::optional<std::uint32_t> steps) {
    if (!list_instances()) return fail(std::string("the values of a parameter of an action cannot be listed"));
    most_ = most_states(system_, found_.scope, 0);
    if (const std::string why = list_first(); !why.empty()) return fail(why);
    found_.first = found_.states.size();
    std::size_t level_end = found_.states.size();
    for (std::size_t state = 0, level = 0; state < found_.states.size(); ++state) {
      if (state == level_end) {
        level_end = found_.states.size();
        ++level;
      }
      if (steps && level >= *steps) break;
      if (const std::string why = leave(state); !why.empty()) return fail(why);
    }
    return std::move(found_);
  }

 private:
  bool list_instances() {
    for (std::size_t i = 0; i < system_.actions.size(); ++i) {
      const auto some = instances_of(system_, found_.scope, ActionId(i));
      if (!some || found_.instances.size() + some->size() > kMaxAttempts) return false;
      found_.instances.insert(found_.instances.end(), some->begin(), some->end());
    }
    return true;
  }

  /// The initial states: every choice for what nothing declares, completed and judged. Empty: all were listed.
  std::string list_first() {
    const auto ranges = initial_ranges(system_, found_.scope);
    State state;
    std::vector<Range> open;
    std::vector<std::pair<std::size_t, std::size_t>> places;  // function, place in its table
    std::size_t entry = 0;
    for (std::size_t i = 0; i < system_.functions.size(); ++i) {
      auto& table = state.tables.emplace_back(table_size(system_, found_.scope, FunctionId(i)), 0);
      for (std::size_t place = 0; place < table.size(); ++place, ++entry) {
        if (!is_open(system_.functions[i])) continue;
        if (!ranges[entry]) return "the initial values of `" + system_.functions[i].name + "` cannot be listed";
        open.push_back(*ranges[entry]);
        places.emplace_back(i, place);
      }
    }
    std::size_t choices = 0;
    std::string why;
    each_tuple(open, [&](const std::vector<Value>& values) {
      for (std::size_t i = 0; i < values.size(); ++i) state.tables[places[i].first][places[i].second] = values[i];
      why = ++choices > kMaxFirstStates ? "there are too many choices of initial values" : add_first(state);
      return why.empty();
    });
    return why;
  }

  std::string add_first(State& state) {
    if (!declare(state)) return "an initial value is beyond what can be computed";
    const Answer initial = is_initial(system_, found_.scope, state);
    if (initial == Answer::Beyond) return "whether a state is initial is beyond what can be computed";
    if (initial == Answer::Yes) intern(state);
    return is_full();
  }

  /// Gives every function its declared value, which is one over what is rigid.
  bool declare(State& state) const {
    for (std::size_t i = 0; i < system_.functions.size(); ++i) {
      const Function& function = system_.functions[i];
      if (is_open(function)) continue;
      const Choices choices(system_, found_.scope, function.parameters);
      Binding binding;
      std::size_t entry = 0;  // a table has its values in the order in which choices come
      for (bool more = choices.first(binding); more; more = choices.next(binding)) {
        const auto declared = value(system_, found_.scope, state, function.initial, binding);
        if (!declared) return false;
        state.tables[i].at(entry++) = *declared;
      }
    }
    return true;
  }

  std::string leave(std::size_t state) {
    attempts_ += found_.instances.size() + 1;
    if (attempts_ > kMaxAttempts) return "there are too many states";
    auto& after = found_.after.emplace_back(found_.instances.size(), Reachable::kNone);
    const State from = found_.states[state];  // a copy: the list grows
    for (std::size_t i = 0; i < found_.instances.size(); ++i) {
      const Stepped next = step(system_, found_.scope, from, found_.instances[i]);
      if (next.fires == Answer::Beyond) return "a step is beyond what can be computed";
      if (next.fires == Answer::Yes) after[i] = intern(next.state);
      if (const std::string why = is_full(); !why.empty()) return why;
    }
    return "";
  }

  std::size_t intern(const State& state) {
    found_.states.push_back(state);
    const auto [known, is_new] = known_.insert(found_.states.size() - 1);
    if (!is_new) found_.states.pop_back();
    return *known;
  }
  std::string is_full() const { return found_.states.size() > most_ ? "there are too many states" : ""; }

  struct Before {
    const std::vector<State>& states;
    bool operator()(std::size_t a, std::size_t b) const { return states[a] < states[b]; }
  };

  const System& system_;
  Reachable found_;
  std::set<std::size_t, Before> known_{Before{found_.states}};
  std::size_t attempts_ = 0;
  std::size_t most_ = 0;
};

}  // namespace

std::optional<Scope> scope_named(const System& system, const Bounds& bounds) {
  Scope scope{std::vector<std::uint32_t>(system.sorts.size(), 0)};
  for (const auto& [sort, size] : bounds.sizes) scope.sizes.at(sort.index()) = size;
  if (!is_tabular(system) || !is_scope(system, scope)) return std::nullopt;
  return scope;
}

std::size_t most_states(const System& system, const Scope& scope, std::size_t instances) {
  std::size_t entries = 1;
  for (std::size_t i = 0; i < system.functions.size(); ++i) entries += 1 + table_size(system, scope, FunctionId(i));
  return std::min(kMaxAttempts / (instances + 1), kMaxListedEntries / entries);
}

std::optional<std::vector<Fired>> instances_of(const System& system, const Scope& scope, ActionId action) {
  std::vector<Range> ranges;
  for (const auto& range : parameter_ranges(system, scope, action)) {
    if (!range) return std::nullopt;
    ranges.push_back(*range);
  }
  std::vector<Fired> instances;
  const bool all = each_tuple(ranges, [&](const std::vector<Value>& arguments) {
    instances.push_back({action, arguments});
    return instances.size() <= kMaxEntries;
  });
  return all ? std::optional(std::move(instances)) : std::nullopt;
}

Result<Reachable, std::string> enumerate(const System& system, const Scope& scope, std::optional<std::uint32_t> steps) {
  if (!is_tabular(system) || !is_scope(system, scope)) return fail(std::string("the states cannot be written down"));
  return Enumeration(system, scope).run(steps);
}

}  // namespace bulkhead::system
