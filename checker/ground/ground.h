// A system of one scope as a Boolean circuit: states as bits, actions as gates; and the way back from bits to runs.
//
// Not trusted: what is found is lifted and replayed by lang/system/replay.h, invariants are checked afterwards.
// Test: every gate against the reference semantics on random systems.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "checker/ground/circuit.h"
#include "lang/base/result.h"
#include "lang/base/watch.h"
#include "lang/system/state.h"
#include "lang/system/step.h"

namespace bulkhead::ground {

/// Why a system has no circuit: integers, functions of words, quantifiers over wide words, too many gates.
struct Refused {
  std::string why;
};

/// The entries of all tables, one after the other, each as the bits of its value.
using Bits = std::vector<Word>;

/// An action with values for those of its parameters that can be listed; words are inputs of the circuit.
struct Instance {
  system::ActionId action;
  std::vector<system::Value> listed;  // 0 for a word
};

/// What an instance does to a state: where `fires`, the state after it is `after`.
struct Effect {
  Bit fires;
  Bits after;
};

class Ground {
 public:
  static constexpr std::size_t kMaxGates = std::size_t{1} << 22;
  static constexpr std::size_t kMaxWork = std::size_t{1} << 26;  // terms visited

  /// Requires: is_valid(system), is_tabular => is_scope(system, scope); `system` outlives this.
  /// `watch`: ends what is made as if it were too large.
  static Result<Ground, Refused> make(const system::System& system, const system::Scope& scope, Watch watch = {});

  Circuit& circuit() { return circuit_; }
  const Circuit& circuit() const { return circuit_; }
  const system::System& system() const { return *system_; }
  const system::Scope& scope() const { return scope_; }

  /// New inputs for every entry of a state; for rigid entries, and where `frozen` is given, its bits.
  Bits state(const Bits* frozen = nullptr);
  bool is_rigid(std::size_t entry) const { return rigid_[entry]; }
  /// Each entry is a value of its type: not all patterns of bits are.
  Bit in_range(const Bits& state);
  /// The state is an initial one.
  Bit initial(const Bits& state);
  Bit holds(const Bits& state, system::TermId formula);

  const std::vector<Instance>& instances() const { return instances_; }
  /// Inputs for the words among the parameters of the action, by parameter; empty for listed ones.
  std::vector<Word> words(const Instance& instance);
  Effect effect(const Bits& state, const Instance& instance, const std::vector<Word>& words);

  /// Something that was asked for needed more than kMaxGates or kMaxWork, or the watch is over: what was answered since
  /// then means nothing. Once true, always true.
  bool is_spent() const { return circuit_.size() > kMaxGates || work_ > kMaxWork || watch_.is_over(); }
  /// After is_spent().
  std::string why_spent() const;

  /// The way back, for bits whose values are known.
  system::State lift(const Bits& state, const std::function<bool(Bit)>& value) const;
  system::Fired lift(const Instance& instance, const std::vector<Word>& words,
                     const std::function<bool(Bit)>& value) const;

 private:
  Ground(const system::System& system, const system::Scope& scope, Watch watch);
  Result<Unit, Refused> prepare();
  void list_instances();
  std::size_t width(const system::Type& type) const;
  std::size_t count(const system::Type& type) const { return *cardinality(*system_, scope_, type); }

  /// Calls `visit` for every choice of values for the binders, as constants.
  void each_choice(const std::vector<system::BinderId>& binders, const std::function<bool()>& visit);
  Word term(const Bits& state, system::TermId id);
  Bit truth(const Bits& state, system::TermId id) { return term(state, id)[0]; }
  Word binary(system::Op op, const Word& left, const Word& right);
  Bit junction(const Bits& state, const system::Term& term, Bit decisive);
  Bit quantifier(const Bits& state, const system::Term& term, Bit decisive);
  Word apply(const Bits& state, const system::Term& term);
  /// For each entry of the function's table whether it is the one at these arguments.
  std::vector<std::pair<std::size_t, Bit>> places(system::FunctionId id, const std::vector<Word>& arguments);

  const system::System* system_;
  system::Scope scope_;
  Circuit circuit_;
  std::vector<std::size_t> offsets_;  // by function
  std::vector<system::Type> types_;   // by entry
  std::vector<bool> rigid_;           // by entry
  std::vector<Instance> instances_;
  std::vector<Word> bound_;  // by binder
  std::size_t work_ = 0;
  Watch watch_;
};

}  // namespace bulkhead::ground
