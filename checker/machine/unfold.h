// A system of one scope as a machine: a latch for each entry of its tables, inputs for the action and its parameters.
//
// Not trusted: runs are lifted and replayed by lang/system/replay.h. Test: verdicts beside explicit search.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/machine/machine.h"
#include "lang/base/result.h"
#include "lang/system/state.h"

namespace bulkhead::machine {

struct Unfolded {
  Machine machine;
  TermId choice;                                  // input: the action that is taken; invalid where there is none
  std::vector<std::vector<TermId>> parameters;    // inputs, by action
  std::vector<std::vector<std::size_t>> entries;  // by function, for each entry of its table its latch
};

/// What elements, members of enumerations and the choice of the action are: bit-vectors as wide as needed, or integers
/// (what Spacer is good at). Numbers stay what they are.
enum class Elements : std::uint8_t { Words, Integers };

/// `bad`: the formula does not hold (or, where not `always`, holds).
///
/// Requires: is_valid(system), the formula is closed, is_tabular(system) => is_scope(system, scope).
/// Fails where a function takes integers or words, a quantifier ranges over them, or the machine would be too large.
Result<Unfolded, std::string> unfold(const system::System& system, const system::Scope& scope, system::TermId formula,
                                     bool always, Elements elements = Elements::Words);

/// The way back. Requires: the run fits the machine.
system::Run lift(const Unfolded& unfolded, const system::Scope& scope, const Run& run);

}  // namespace bulkhead::machine
