// Lazy determinisation of one Nfa: macro-states are made when they are reached, and equal ones are one.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "checker/universe/nfa.h"

namespace bulkhead::universe {

using MacroId = std::uint32_t;

/// Sets of states, each kept once.
class SetPool {
 public:
  std::uint32_t intern(StateSet set);
  const StateSet& at(std::uint32_t id) const { return sets_[id]; }
  std::size_t size() const { return sets_.size(); }

 private:
  std::vector<StateSet> sets_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> by_hash_;
};

/// Work is counted in states touched: the unit of every budget of this component.
///
/// States that loop (`*`, `**`) stay active for long, so they are kept apart from the others and their joint steps are
/// made once: a union of 1 000 patterns `/**/x/**` costs as much as the trie of their names, not 1 000 times that. A
/// set that has an `always` state accepts whatever follows, and is the one macro-state `full`.
class Dfa {
 public:
  /// Tells only whether some pattern matches. Requires: `nfa` outlives this.
  explicit Dfa(const Nfa& nfa);
  /// Tells which groups of patterns match (`groups`: the group of each pattern). `full` is never made then; a group
  /// that matches whatever follows is represented by one of its always states.
  Dfa(const Nfa& nfa, std::vector<std::uint32_t> groups);

  const Nfa& nfa() const { return nfa_; }
  MacroId initial() const { return initial_; }
  MacroId step(MacroId from, std::uint8_t byte);
  bool accepts(MacroId id) const { return macros_[id].accepts; }
  /// No continuation is accepted.
  bool empty(MacroId id) const { return macros_[id].empty; }
  /// Every continuation is accepted.
  bool full(MacroId id) const { return macros_[id].full; }
  /// The states, closed under silent steps; of `full`: one always state.
  const StateSet& states(MacroId id) const { return expanded_.at(macros_[id].expanded); }
  /// Every state of `small` is in `large`; `full` holds everything.
  bool subset(MacroId small, MacroId large);

  std::size_t size() const { return macros_.size(); }
  std::uint64_t work() const { return work_; }

 private:
  struct Macro {
    std::uint32_t loops = 0;      // set in loops_
    std::uint32_t rest = 0;       // set in rests_: neither loops nor follows from them in silence
    std::uint32_t expanded = 0;   // set in expanded_
    std::uint64_t signature = 0;  // one bit for each state modulo 64
    bool accepts = false;
    bool empty = false;
    bool full = false;
    std::vector<MacroId> next;  // by byte class; kNoState: not made yet
  };
  struct LoopStep {
    bool known = false;
    std::uint32_t survivors = 0;  // set in loops_
    StateSet targets;             // of the edges of the loops and of what follows them in silence, closed
  };

  MacroId intern(StateSet closed);
  MacroId make(std::uint32_t loops, StateSet rest);
  void drop_decided(std::uint32_t& loops, StateSet& rest);
  std::uint32_t intern_loops(StateSet loops);
  const LoopStep& loop_step(std::uint32_t loops, std::uint8_t byte);
  void follow(const StateSet& states, std::uint8_t byte, StateSet& targets);

  const Nfa& nfa_;
  std::vector<std::uint32_t> groups_;  // by pattern; empty: all are one
  SetPool loops_;
  SetPool rests_;
  SetPool expanded_;
  std::vector<StateSet> silent_after_loops_;       // by loop set: closed, with the loops themselves
  std::vector<std::vector<LoopStep>> loop_steps_;  // by loop set, then byte class
  std::vector<Macro> macros_;
  std::unordered_map<std::uint64_t, MacroId> by_parts_;
  MacroId initial_ = 0;
  MacroId full_ = kNoState;
  std::uint64_t work_ = 0;
};

}  // namespace bulkhead::universe
