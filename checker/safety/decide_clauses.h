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
/// the facts that it tells; beside it trees of bounded height, by Z3, and interpretations from templates.
ClauseDecision decide(interchange::Clauses& clauses, const std::string& text, const Options& options);

/// The definitions of a Horn solver, as text that nobody believes.
struct ToldDefinitions {
  std::string text;
};
/// By by_templates(), on a copy. Fails with why not.
inline constexpr const char* kTemplates = "templates";
Result<ToldDefinitions, std::string> told_by_templates(interchange::Clauses clauses, const std::stop_token& stop,
                                                       std::uint32_t seed);
/// What `engine` told, if it is accepted; else why not. What it does not define is everything, or else nothing.
Result<Satisfiable, std::string> interpreted(interchange::Clauses& clauses, const std::string& engine,
                                             const ToldDefinitions& told, const Options& options);

/// The meaning that definitions (the answer of a Horn solver) give to each relation; none: they define no relation, or
/// say what is not read. `missing`: of relations that are not defined.
std::optional<Interpretation> read_interpretation(interchange::Clauses& clauses, std::string_view text,
                                                  interchange::Missing missing);

}  // namespace bulkhead::safety
