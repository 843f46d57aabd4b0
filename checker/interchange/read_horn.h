// Linear constrained Horn clauses (SMT-LIB 2, `(set-logic HORN)`) as a machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/interchange/clauses.h"
#include "checker/machine/machine.h"

namespace bulkhead::interchange {

/// Where a relation has gone: it holds of these latches where `location` does.
struct Relation {
  std::string name;
  std::vector<term::TermId> arguments;  // latches
  term::TermId location;                // true where there is one relation only
};
struct Horn {
  machine::Machine machine;  // safe iff the clauses are satisfiable; a condition of `bad` is named by its clause's line
  std::vector<Relation> relations;
};

/// The machine of clauses with at most one relation in the body. What a clause says of the variables of its head
/// becomes what a step writes, as far as its equations tell; other variables are inputs.
///
/// Fails with the place of a clause that has two relations in its body, and on arrays.
Result<Horn, TextError> linear_machine(Clauses clauses);
/// Of a text: read_clauses, then this.
Result<Horn, TextError> read_horn(std::string_view text);

/// What of a relation that an interpretation does not define, because the solver had no need of it.
enum class Missing : bool { Nowhere, Everywhere };

/// What an interpretation of the relations (the answer of a Horn solver: `define-fun`s, in a `model` or not) says of
/// the machine's states; none: it defines no relation, or uses what is not read.
std::optional<term::TermId> read_interpretation(Horn& horn, std::string_view text, Missing missing);

}  // namespace bulkhead::interchange
