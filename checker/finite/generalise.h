// From the invariant of one scope to candidates for every scope: elements become variables, renamings one.
//
// Soundness: candidates are guesses. Whoever uses one proves it for sorts of any size, together with the others.
// See: [Goel21], symmetry and quantified invariants.
#pragma once

#include <vector>

#include "checker/finite/finite.h"
#include "lang/system/builder.h"

namespace bulkhead::finite {

/// An argument or a value: one of the variables (where the type is a sort), or a constant.
struct Slot {
  bool is_variable = false;
  system::Value value = 0;  // the variable's place, or the constant
  friend auto operator<=>(const Slot&, const Slot&) = default;
};
/// The function's value there is one of these, or none of them.
struct Atom {
  system::FunctionId function;
  std::vector<Slot> arguments;
  bool among = true;
  std::vector<Slot> values;
  friend auto operator<=>(const Atom&, const Atom&) = default;
};
/// For no elements that differ, one for each variable, all of these hold.
struct Excluded {
  std::vector<system::SortId> variables;
  std::vector<Atom> atoms;
  friend auto operator<=>(const Excluded&, const Excluded&) = default;
};

/// The cubes with their elements as variables, one of all those that are renamings of each other. Where a cube leaves
/// open which of several elements a function's value is, there are two readings: among these, and none of the others. A
/// cube that splits a word is left out.
std::vector<Excluded> generalise(const system::System& system, const system::Scope& scope,
                                 const std::vector<Cube>& cubes);

/// The closed formula. Requires: of a valid system, from `generalise`.
system::TermId formula(system::Builder& builder, const Excluded& excluded);

/// The system with these as further lemmas: "inferred_1", "inferred_2" and so on. Ids of the system mean the same in
/// it.
system::System strengthened(const system::System& system, const std::vector<Excluded>& lemmas);

}  // namespace bulkhead::finite
