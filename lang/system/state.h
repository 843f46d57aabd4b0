// States and runs of a system whose sorts have been given sizes: what traces are made of.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "lang/system/system.h"

namespace bulkhead::system {

/// The number of elements of each sort, by SortId; each at least one. The elements are 0, 1, ...
struct Scope {
  std::vector<std::uint32_t> sizes;
  friend auto operator<=>(const Scope&, const Scope&) = default;
};

/// A value of a type: 0 or 1; an integer; a word as its bits; the place of an enum's member; an element's number.
using Value = std::int64_t;

/// For each function, by FunctionId, its values in the order of its arguments, the last one running fastest. Arguments
/// of type Int or Bits make a function infinite: such a system has no states of this kind.
struct State {
  std::vector<std::vector<Value>> tables;
  friend auto operator<=>(const State&, const State&) = default;
};

struct Fired {
  ActionId action;
  std::vector<Value> arguments;
  friend auto operator<=>(const Fired&, const Fired&) = default;
};

/// A run: the first state, and what fired after it. `loop`: from the end it goes on with the step at this place, for
/// ever; where `loop` is the number of steps, nothing happens any more.
struct Run {
  Scope scope;
  State first;
  std::vector<Fired> steps;
  std::optional<std::size_t> loop;
};

/// Whether the system has states as tables: no function has an argument of type Int or Bits.
bool is_tabular(const System& system);

/// The number of values of a type in this scope; none: too many to list (Int, Bits wider than 8).
std::optional<std::size_t> cardinality(const System& system, const Scope& scope, const Type& type);

/// The value is one of this type.
bool is_value(const System& system, const Scope& scope, const Type& type, Value value);

/// Scopes and states larger than this are refused: what is replayed may come from anywhere.
inline constexpr std::size_t kMaxEntries = std::size_t{1} << 22;
inline constexpr std::uint32_t kMaxElements = 4096;

/// Each sort has one to kMaxElements elements, and the tables of a state have together at most kMaxEntries entries.
/// Requires: is_valid(system), is_tabular(system).
bool is_scope(const System& system, const Scope& scope);

/// Each function has its table, each entry is a value of its type. Requires: is_scope(system, scope).
bool is_state(const System& system, const Scope& scope, const State& state);

/// The number of entries of a function's table. Requires: is_tabular(system), is_scope(system, scope).
std::size_t table_size(const System& system, const Scope& scope, FunctionId function);

/// Where the value at these arguments stands in the table. Requires: each argument is a value of its type.
std::size_t place(const System& system, const Scope& scope, FunctionId function, const std::vector<Value>& arguments);

}  // namespace bulkhead::system
