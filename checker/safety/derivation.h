// What shows that Horn clauses are unsatisfiable: clauses applied to values, one after the other, until one without a
// head applies. Trusted: it is accepted only when every application has been evaluated.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "checker/interchange/clauses.h"
#include "checker/term/arrays.h"

namespace bulkhead::safety {

/// One clause with a value for each of its variables. Each relation of its body holds by an earlier step.
struct Step {
  std::size_t clause = 0;
  std::vector<term::Word> values;     // in the order of the clause's variables
  std::vector<std::size_t> premises;  // for each relation of the body, in its order
};
/// The last step's clause has no head: what no meaning of the relations makes true.
struct Derivation {
  std::vector<Step> steps;
  term::Arrays arrays = {};  // what the values of arrays in the steps are
};

/// Longer derivations are refused: what is replayed may come from anywhere.
inline constexpr std::size_t kMaxSteps = std::size_t{1} << 16;

/// Why the steps derive no contradiction; nothing: they do.
///
/// Integers are computed with 64 bits, arrays as finitely many places; what needs more is an objection.
/// Cost: one evaluation of a clause for each step.
std::optional<std::string> objection(const interchange::Clauses& clauses, const Derivation& derivation);

}  // namespace bulkhead::safety
