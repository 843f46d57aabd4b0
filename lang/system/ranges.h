// Integers and wide words that formulas bound: what initial states leave open, what guards ask of parameters. Trusted.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "lang/system/state.h"

namespace bulkhead::system {

/// The values from `least` to `most`, both included; none where `most` is less.
struct Range {
  Value least = 0;
  Value most = 0;
};

/// More values than this of one entry or parameter are not listed.
inline constexpr Value kMaxListed = 1024;

// Both look at comparisons with what is constant or bounded, below `&&`, `||`, negations of comparisons and quantifiers
// over what can be listed; everything else is taken to allow anything.
// Soundness: over-approximates, so values outside of a range need not be looked at. Test: Ranges, against all values.

/// By entry (of all tables, one after the other): a range that has the entry's value in every initial state, as far as
/// assumptions and `initially` bound it. For types whose values can be listed all of them; none: too many.
///
/// Requires: is_valid(system), is_tabular(system), is_scope(system, scope).
std::vector<std::optional<Range>> initial_ranges(const System& system, const Scope& scope);

/// By parameter of the action: a range outside of which its guard is false in every state; as above.
std::vector<std::optional<Range>> parameter_ranges(const System& system, const Scope& scope, ActionId action);

}  // namespace bulkhead::system
