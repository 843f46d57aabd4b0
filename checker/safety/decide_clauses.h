// Are Horn clauses satisfiable, with any number of relations in a body? Each answer with evidence that was checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "checker/interchange/read_horn.h"
#include "checker/safety/decision.h"
#include "checker/safety/interpretation.h"

namespace bulkhead::safety {

struct Satisfiable {
  Interpretation interpretation;
  Checker checked_by = Checker::Clauses;
};
using ClauseDecision = Decided<std::variant<Satisfiable, Unsatisfiable, Unknown>>;

/// `text`: what the clauses were read from. Their arena grows.
///
/// Spacer in a child, whose interpretation is decided clause by clause, and whose contradictions are derived again from
/// the facts that it tells; beside it trees of bounded height, by Z3.
ClauseDecision decide(interchange::Clauses& clauses, const std::string& text, const Options& options);

/// The meaning that definitions (the answer of a Horn solver) give to each relation; none: they define no relation, or
/// say what is not read. `missing`: of relations that are not defined.
std::optional<Interpretation> read_interpretation(interchange::Clauses& clauses, std::string_view text,
                                                  interchange::Missing missing);

}  // namespace bulkhead::safety
