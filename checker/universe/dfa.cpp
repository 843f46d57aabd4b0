#include "checker/universe/dfa.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace bulkhead::universe {
namespace {

std::uint64_t hash_of(const StateSet& set) {
  std::uint64_t hash = 0x9E3779B97F4A7C15u + set.size();
  for (const StateId state : set) hash = (hash ^ state) * 0xFF51AFD7ED558CCDu + (hash >> 29);
  return hash;
}

void sort_unique(StateSet& set) {
  std::sort(set.begin(), set.end());
  set.erase(std::unique(set.begin(), set.end()), set.end());
}

}  // namespace

std::uint32_t SetPool::intern(StateSet set) {
  const std::uint64_t hash = hash_of(set);
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto it = first; it != last; ++it)
    if (sets_[it->second] == set) return it->second;
  const auto id = static_cast<std::uint32_t>(sets_.size());
  sets_.push_back(std::move(set));
  by_hash_.emplace(hash, id);
  return id;
}

Dfa::Dfa(const Nfa& nfa) : Dfa(nfa, {}) {}

Dfa::Dfa(const Nfa& nfa, std::vector<std::uint32_t> groups) : nfa_(nfa), groups_(std::move(groups)) {
  initial_ = intern(nfa.initial());
}

MacroId Dfa::intern(StateSet closed) {
  StateSet loops;
  for (const StateId state : closed)
    if (nfa_.loop(state) != Nfa::Loop::None) loops.push_back(state);
  return make(intern_loops(std::move(loops)), std::move(closed));
}

/// `rest` may still hold loops and what follows from them; it is closed and sorted.
MacroId Dfa::make(std::uint32_t loops, StateSet rest) {
  const auto always = [&](StateId state) { return nfa_.always(state); };
  const StateSet& implied = silent_after_loops_[loops];
  const auto full_at = std::find_if(implied.begin(), implied.end(), always);
  const bool decided = full_at != implied.end();
  const bool full = decided && groups_.empty();
  if (decided && !full) {
    drop_decided(loops, rest);
  } else if (full) {
    if (full_ != kNoState) return full_;
    loops = intern_loops({*full_at});
    rest.clear();
  }
  StateSet others;
  std::set_difference(rest.begin(), rest.end(), silent_after_loops_[loops].begin(), silent_after_loops_[loops].end(),
                      std::back_inserter(others));
  work_ += rest.size() + others.size() + 1;
  const std::uint32_t rest_id = rests_.intern(std::move(others));
  const std::uint64_t key = (std::uint64_t{loops} << 32) | rest_id;
  const auto [found, fresh] = by_parts_.emplace(key, static_cast<MacroId>(macros_.size()));
  if (!fresh) return found->second;

  Macro macro;
  macro.loops = loops;
  macro.rest = rest_id;
  StateSet all;
  const StateSet& base = silent_after_loops_[loops];
  std::set_union(base.begin(), base.end(), rests_.at(rest_id).begin(), rests_.at(rest_id).end(),
                 std::back_inserter(all));
  work_ += all.size();
  macro.accepts = nfa_.accepts(all);
  macro.empty = all.empty();
  macro.full = full;
  for (const StateId state : all) macro.signature |= std::uint64_t{1} << (state % 64);
  macro.expanded = expanded_.intern(std::move(all));
  macro.next.assign(nfa_.byte_class_count(), kNoState);
  work_ += macro.next.size() / 4;
  if (full) full_ = static_cast<MacroId>(macros_.size());
  macros_.push_back(std::move(macro));
  return static_cast<MacroId>(macros_.size() - 1);
}

/// Keeps one always state of each group that has one, and nothing else of that group.
void Dfa::drop_decided(std::uint32_t& loops, StateSet& rest) {
  const auto group_of = [&](StateId state) { return groups_[nfa_.place(state).pattern]; };
  std::map<std::uint32_t, StateId> decided;
  for (const StateId state : loops_.at(loops))
    if (nfa_.always(state)) decided.emplace(group_of(state), state);
  const auto superfluous = [&](StateId state) {
    const auto found = decided.find(group_of(state));
    return found != decided.end() && found->second != state;
  };
  work_ += loops_.at(loops).size() + rest.size();
  StateSet kept = loops_.at(loops);
  std::erase_if(kept, superfluous);
  std::erase_if(rest, superfluous);
  loops = intern_loops(std::move(kept));
}

std::uint32_t Dfa::intern_loops(StateSet loops) {
  const std::uint32_t id = loops_.intern(std::move(loops));
  if (id == silent_after_loops_.size()) {
    StateSet closed = loops_.at(id);
    nfa_.close(closed);
    work_ += closed.size();
    silent_after_loops_.push_back(std::move(closed));
    loop_steps_.emplace_back(nfa_.byte_class_count());
  }
  return id;
}

void Dfa::follow(const StateSet& states, std::uint8_t byte, StateSet& targets) {
  work_ += states.size();
  for (const StateId state : states)
    for (const Nfa::Edge& edge : nfa_.edges(state))
      if (edge.low <= byte && byte <= edge.high) targets.push_back(edge.target);
}

const Dfa::LoopStep& Dfa::loop_step(std::uint32_t loops, std::uint8_t byte) {
  const std::uint8_t byte_class = nfa_.byte_classes()[byte];
  if (loop_steps_[loops][byte_class].known) return loop_steps_[loops][byte_class];
  LoopStep made;
  made.known = true;
  follow(silent_after_loops_[loops], byte, made.targets);
  nfa_.close(made.targets);
  StateSet survivors;
  for (const StateId state : loops_.at(loops))
    if (nfa_.loop(state) == Nfa::Loop::All || byte != '/') survivors.push_back(state);
  made.survivors = intern_loops(std::move(survivors));
  loop_steps_[loops][byte_class] = std::move(made);
  return loop_steps_[loops][byte_class];
}

MacroId Dfa::step(MacroId from, std::uint8_t byte) {
  const std::uint8_t byte_class = nfa_.byte_classes()[byte];
  if (const MacroId known = macros_[from].next[byte_class]; known != kNoState) return known;
  MacroId to = from;
  if (!macros_[from].full) {
    const LoopStep& looped = loop_step(macros_[from].loops, byte);
    StateSet targets;
    follow(rests_.at(macros_[from].rest), byte, targets);
    nfa_.close(targets);
    StateSet all;
    std::set_union(looped.targets.begin(), looped.targets.end(), targets.begin(), targets.end(),
                   std::back_inserter(all));
    std::uint32_t loops = looped.survivors;
    StateSet fresh;
    for (const StateId state : all) {
      if (nfa_.loop(state) != Nfa::Loop::None &&
          !std::binary_search(loops_.at(loops).begin(), loops_.at(loops).end(), state))
        fresh.push_back(state);
    }
    work_ += all.size() + 1;
    if (!fresh.empty()) {
      fresh.insert(fresh.end(), loops_.at(loops).begin(), loops_.at(loops).end());
      sort_unique(fresh);
      loops = intern_loops(std::move(fresh));
    }
    to = make(loops, std::move(all));
  }
  macros_[from].next[byte_class] = to;
  return to;
}

bool Dfa::subset(MacroId small, MacroId large) {
  ++work_;
  if (small == large || macros_[large].full) return true;
  if (macros_[small].full || (macros_[small].signature & ~macros_[large].signature) != 0) return false;
  const StateSet& a = states(small);
  const StateSet& b = states(large);
  if (a.size() > b.size()) return false;
  work_ += a.size() + b.size();
  return std::includes(b.begin(), b.end(), a.begin(), a.end());
}

}  // namespace bulkhead::universe
