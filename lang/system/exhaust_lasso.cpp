// No fair run stays away from what a claim leads to: all states of the scope, cut into strongly connected parts.
#include <algorithm>
#include <utility>

#include "lang/system/choices.h"
#include "lang/system/exhaust.h"

namespace bulkhead::system {
namespace {

enum class Demand : std::uint8_t { None, Weak, Strong };
using Nodes = std::vector<std::size_t>;  // states, in order

class Fairness {
 public:
  Fairness(const LeadsTo& claim, const Reachable& reachable)
      : reachable_(reachable), demands_(reachable.instances.size(), Demand::None), mark_(reachable.states.size(), 0) {
    for (const Fair& fair : claim.fair) {
      for (std::size_t i = 0; i < demands_.size(); ++i) {
        if (reachable.instances[i].action != fair.action || demands_[i] == Demand::Strong) continue;
        demands_[i] = fair.strong ? Demand::Strong : Demand::Weak;
      }
    }
  }

  /// Some fair run never leaves these states. One that stays where it is counts: every state is a part of its own.
  bool stays_inside(Nodes states) {
    std::vector<Nodes> open{std::move(states)};
    while (!open.empty()) {
      const Nodes set = std::move(open.back());
      open.pop_back();
      for (const Nodes& part : parts(set)) {
        if (is_refused(part)) continue;
        Nodes rest = without_demanded(part);
        if (rest.size() == part.size()) return true;
        if (!rest.empty()) open.push_back(std::move(rest));
      }
    }
    return false;
  }

 private:
  bool enabled(std::size_t state, std::size_t instance) const {
    return reachable_.after[state][instance] != Reachable::kNone;
  }
  bool is_taken_inside(const Nodes& part, std::size_t instance) const {
    return std::any_of(part.begin(), part.end(), [&](std::size_t state) {
      return enabled(state, instance) &&
             std::binary_search(part.begin(), part.end(), reachable_.after[state][instance]);
    });
  }

  /// A weakly fair instance is enabled in all of the part, and taken nowhere inside of it.
  bool is_refused(const Nodes& part) const {
    for (std::size_t i = 0; i < demands_.size(); ++i) {
      if (demands_[i] != Demand::Weak) continue;
      const auto on = [&](std::size_t state) { return enabled(state, i); };
      if (std::all_of(part.begin(), part.end(), on) && !is_taken_inside(part, i)) return true;
    }
    return false;
  }

  /// Less than the part where a strongly fair instance is enabled somewhere and taken nowhere inside of it.
  Nodes without_demanded(const Nodes& part) const {
    for (std::size_t i = 0; i < demands_.size(); ++i) {
      if (demands_[i] != Demand::Strong || is_taken_inside(part, i)) continue;
      Nodes rest;
      for (const std::size_t state : part) {
        if (!enabled(state, i)) rest.push_back(state);
      }
      if (rest.size() != part.size()) return rest;
    }
    return part;
  }

  /// The strongly connected parts, by two passes (Kosaraju): in the order in which a first search leaves the states,
  /// the last one first, a second one against the steps finds one part after the other.
  std::vector<Nodes> parts(const Nodes& set) {
    std::vector<Nodes> before(reachable_.states.size());
    for (const std::size_t state : set) mark_[state] = 1;  // 1: in the set; 2: in the first search; 3: in a part
    for (const std::size_t state : set) {
      for (const std::size_t to : reachable_.after[state]) {
        if (to != Reachable::kNone && mark_[to] == 1) before[to].push_back(state);
      }
    }
    Nodes left;
    for (const std::size_t state : set) {
      if (mark_[state] == 1) leave(state, left);
    }
    std::vector<Nodes> found;
    for (std::size_t i = left.size(); i-- > 0;) {
      if (mark_[left[i]] != 2) continue;
      Nodes part{left[i]};
      mark_[left[i]] = 3;
      for (std::size_t j = 0; j < part.size(); ++j) {
        const Nodes& from = before[part[j]];
        std::copy_if(from.begin(), from.end(), std::back_inserter(part),
                     [&](std::size_t state) { return std::exchange(mark_[state], 3) == 2; });
      }
      std::sort(part.begin(), part.end());
      found.push_back(std::move(part));
    }
    for (const std::size_t state : set) mark_[state] = 0;
    return found;
  }

  void leave(std::size_t root, Nodes& left) {
    std::vector<std::pair<std::size_t, std::size_t>> way{{root, 0}};  // state, the next instance to be tried
    mark_[root] = 2;
    while (!way.empty()) {
      auto& [state, next] = way.back();
      if (next == reachable_.instances.size()) {
        left.push_back(state);
        way.pop_back();
        continue;
      }
      const std::size_t to = reachable_.after[state][next++];
      if (to == Reachable::kNone || mark_[to] != 1) continue;
      mark_[to] = 2;
      way.emplace_back(to, 0);
    }
  }

  const Reachable& reachable_;
  std::vector<Demand> demands_;     // by instance
  std::vector<std::uint8_t> mark_;  // by state; 0 between two calls
};

/// The states that a run comes to, from one with `from`, while `to` does not hold; none: beyond.
std::optional<Nodes> staying_away(const System& system, const LeadsTo& claim, const Reachable& reachable,
                                  const Binding& binding) {
  std::vector<bool> away, seen(reachable.states.size(), false);
  Nodes found;
  for (std::size_t state = 0; state < reachable.states.size(); ++state) {
    const Answer to = holds(system, reachable.scope, reachable.states[state], claim.to, binding);
    const Answer from = holds(system, reachable.scope, reachable.states[state], claim.from, binding);
    if (to == Answer::Beyond || from == Answer::Beyond) return std::nullopt;
    away.push_back(to == Answer::No);
    if (to == Answer::Yes || from == Answer::No) continue;
    seen[state] = true;
    found.push_back(state);
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const std::size_t next : reachable.after[found[i]]) {
      if (next == Reachable::kNone || !away[next] || seen[next]) continue;
      seen[next] = true;
      found.push_back(next);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::optional<std::string> lasso_objection(const System& system, const LeadsTo& claim, const Reachable& reachable) {
  if (reachable.after.size() != reachable.states.size()) return "not every state was left";
  const Choices choices(system, reachable.scope, claim.each);
  if (!choices.listable() || !choices.size()) return "the values of a variable of the claim cannot be listed";
  Fairness fairness(claim, reachable);
  Binding binding;
  for (bool more = choices.first(binding); more; more = choices.next(binding)) {
    auto states = staying_away(system, claim, reachable, binding);
    if (!states) return "the claim is beyond what can be computed in some state";
    if (fairness.stays_inside(std::move(*states))) return "a fair run stays away from what is claimed";
  }
  return std::nullopt;
}

}  // namespace bulkhead::system
