// What shows that a claim holds in one scope without belief in any search: conditions that no assignment satisfies,
// each with its refutation.
//
// Believed: the circuits of checker/ground, for single actions (never sweeps), their clauses, and checker/lrat.
#pragma once

#include <string>
#include <vector>

#include "checker/finite/finite.h"
#include "checker/sat/sat.h"
#include "lang/base/result.h"
#include "lang/base/watch.h"

namespace bulkhead::finite {

/// Clauses that no assignment makes all true, when the invariant is one.
struct Condition {
  std::string label;  // "`transfer` keeps the invariant"
  std::vector<sat::Clause> clauses;
};

/// The range of every value, the assumptions and the excluded cubes (for k-induction: the claim in k states) hold at
/// first, are kept by each instance of each action, and imply the claim. With k = 0, which needs `steps`: the claim
/// holds in every state that at most so many steps reach.
Result<std::vector<Condition>, std::string> conditions(const system::System& system, const system::Scope& scope,
                                                       const Claim& claim, const Invariant& invariant,
                                                       std::optional<std::size_t> steps = std::nullopt,
                                                       Watch watch = {});

struct Evidence {
  Invariant invariant;
  std::vector<std::string> proofs;  // LRAT, one for each condition
};

/// Searches for the proofs. Fails where the invariant is none, or a limit is met.
Result<Evidence, std::string> certify(const system::System& system, const system::Scope& scope, const Claim& claim,
                                      const Invariant& invariant, const Limits& limits,
                                      std::optional<std::size_t> steps = std::nullopt);

/// What is wrong with the evidence; nothing: the claim holds in every reachable state of the scope, or in those that at
/// most `steps` steps reach. The conditions are made again from the system; the evidence may come from anywhere.
///
/// Requires: is_valid(system), the claim's formula is closed, is_tabular(system) => is_scope(system, scope).
std::optional<std::string> objection(const system::System& system, const system::Scope& scope, const Claim& claim,
                                     const Evidence& evidence, std::optional<std::size_t> steps = std::nullopt);

}  // namespace bulkhead::finite
