// The reference semantics of transition systems: the value of a term, the initial states, one step. Trusted, and slow
// on purpose: everything fast is tested against it, and every run that is reported is replayed here (replay.h).
//
// Integers are computed with 64 bits and evaluation is bounded in work. Where that does not suffice the answer is
// Beyond, which is neither yes nor no: integers never wrap here, and a guard that is beyond is not one that fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "lang/system/state.h"

namespace bulkhead::system {

/// The values of the binders in force.
using Binding = std::map<BinderId, Value>;

enum class Answer : std::uint8_t { No, Yes, Beyond };

/// Terms visited by one call below; more is Beyond. Bounds quantifiers over large scopes and terms that share much.
inline constexpr std::size_t kMaxWork = std::size_t{1} << 24;

/// The value of a term in a state; none where it is Beyond: an integer that 64 bits do not hold, a quantifier over
/// values that cannot be listed, too much work.
///
/// Requires: is_valid(system), is_tabular(system), is_state(system, scope, state); every free binder is bound to a
/// value of its type.
std::optional<Value> value(const System& system, const Scope& scope, const State& state, TermId term,
                           const Binding& binding);

/// The truth of a formula. Requires: as above.
Answer holds(const System& system, const Scope& scope, const State& state, TermId formula, const Binding& binding);

/// The state is an initial one. Requires: is_valid(system), is_tabular(system), is_state(system, scope, state).
Answer is_initial(const System& system, const Scope& scope, const State& state);

/// What a step leads to: Yes, with the state after it; No: the guard does not hold; Beyond: nobody knows.
struct Stepped {
  Answer fires = Answer::No;
  State state;
};
/// Requires: as for is_initial; fits(system, scope, fired).
Stepped step(const System& system, const Scope& scope, const State& state, const Fired& fired);

/// The action exists and its arguments are values of its parameters' types.
bool fits(const System& system, const Scope& scope, const Fired& fired);

}  // namespace bulkhead::system
