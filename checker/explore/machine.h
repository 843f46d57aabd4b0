// A system of one scope made ready to run fast: states as flat arrays, action instances as a list.
//
// The meaning is that of lang/system/step.h, against which it is tested; nothing that it says is trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "lang/base/watch.h"
#include "lang/system/step.h"
#include "lang/system/system.h"

namespace bulkhead::explore {

/// The entries of all tables of a state, one after the other.
using Flat = std::vector<system::Value>;
using FlatView = std::span<const system::Value>;

class Machine {
 public:
  /// Requires: is_valid(system), is_tabular(system), is_scope(system, scope); `system` outlives this.
  /// `work`: so many terms are visited, then every answer is Beyond.
  Machine(const system::System& system, system::Scope scope, std::uint64_t work);

  const system::System& system() const { return system_; }
  const system::Scope& scope() const { return scope_; }
  /// From now on the end of this watch counts as spent work.
  void watch(Watch watch) { watch_ = std::move(watch); }
  /// Work that was done for the search elsewhere.
  void charge(std::uint64_t work) { work_ += work; }
  bool is_spent() const { return work_ >= limit_ || watch_.is_over(); }
  /// After is_spent().
  const char* why_spent() const { return work_ >= limit_ ? "the budget of work is spent" : watch_.why(); }

  std::size_t entries() const { return entries_; }
  /// Where a function's table begins. One past the last function: entries().
  std::size_t offset(std::size_t function) const { return offsets_[function]; }
  const system::Type& type_of(std::size_t entry) const;
  Flat flatten(const system::State& state) const;
  system::State restore(FlatView flat) const;

  /// Every instance of every action whose guard can be true, unless some action has a parameter whose values cannot be
  /// listed, and whose guard does not bound them (lang/system/ranges.h).
  const std::vector<system::Fired>& instances() const { return instances_; }
  bool lists_instances() const { return lists_instances_; }

  /// The state after an instance fires, in `to`.
  system::Answer fire(FlatView from, std::size_t instance, Flat& to);
  /// Binds a free variable of the formulas that are asked about next.
  void bind(system::BinderId binder, system::Value value) { bound_[binder.index()] = value; }
  system::Answer holds(FlatView state, system::TermId formula);
  /// None: beyond.
  std::optional<system::Value> value(FlatView state, system::TermId term);
  /// The same where only some entries are known; none also where the others decide.
  std::optional<system::Value> value(FlatView state, const std::vector<bool>& known, system::TermId term);

 private:
  using Maybe = std::optional<system::Value>;
  void list_instances();
  Maybe eval(system::TermId id);
  Maybe junction(const system::Term& term, bool decisive);
  Maybe quantifier(const system::Term& term, bool decisive);
  Maybe relation(const system::Term& term);
  Maybe arithmetic(const system::Term& term);
  Maybe apply(const system::Term& term);
  std::optional<std::size_t> place(std::size_t function, const std::vector<system::TermId>& at);
  bool write(const system::Update& update, Flat& to);

  const system::System& system_;
  system::Scope scope_;
  std::uint64_t limit_;
  std::uint64_t work_ = 0;
  Watch watch_;
  std::size_t entries_ = 0;
  std::vector<std::size_t> offsets_;
  std::vector<std::size_t> function_of_;              // by entry
  std::vector<system::Value> counts_;                 // by binder: how many values; 0: they cannot be listed
  std::vector<std::vector<std::size_t>> dimensions_;  // by function: how many values each argument has
  std::vector<system::Fired> instances_;
  bool lists_instances_ = true;
  FlatView state_;
  const std::vector<bool>* known_ = nullptr;  // null: all
  std::vector<system::Value> bound_;          // by binder
};

}  // namespace bulkhead::explore
