// What shows an answer about a problem, and that as text. Trusted: read from anywhere, believed in nothing.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "checker/safety/derivation.h"
#include "checker/safety/evidence.h"
#include "checker/safety/interpretation.h"
#include "checker/safety/problem.h"

namespace bulkhead::safety {

/// Of a machine: that it is safe, or not; of Horn clauses: that they are satisfiable, or not.
using Evidence = std::variant<Invariant, machine::Run, Interpretation, Derivation>;

/// The evidence is one that the problem is safe, the clauses are satisfiable.
bool claims_safety(const Evidence& evidence);

/// As `define-fun`s, one for each relation. Requires: it is one of these clauses.
std::string definitions(const interchange::Clauses& clauses, const Interpretation& interpretation);

/// docs/formats/evidence.md says how it looks. Requires: the evidence is about the problem.
std::string write_evidence(const Problem& problem, const Evidence& evidence);

/// Fails with the place of what is no evidence about this problem. The arena of the problem grows.
///
/// Ensures: what is read may be asked about (conditions, objection). Cost: bounded, whatever the text.
Result<Evidence, std::string> read_evidence(Problem& problem, std::string_view text);

/// What cannot be true where evidence of safety is evidence; or why it is none. Requires: claims_safety(evidence).
Result<std::vector<Condition>, std::string> conditions(Problem& problem, const Evidence& evidence);
/// The terms of the conditions are of this arena. Requires: the same.
const term::Store& arena(const Problem& problem, const Evidence& evidence);

/// Why the evidence shows nothing against safety; nothing: it does. Requires: !claims_safety(evidence).
std::optional<std::string> objection(const Problem& problem, const Evidence& evidence);

}  // namespace bulkhead::safety
