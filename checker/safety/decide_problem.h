// Decides a problem by whichever way fits it: as a machine, or as clauses.
#pragma once

#include "checker/safety/decision.h"
#include "checker/safety/evidence_file.h"

namespace bulkhead::safety {

struct Shown {
  Evidence evidence;              // accepted
  Checker by = Checker::Clauses;  // of evidence of safety: who decided its conditions
};
using ProblemDecision = Decided<std::variant<Shown, Unknown>>;

/// See decide.h and decide_clauses.h. The arenas of the problem grow.
ProblemDecision decide(Problem& problem, const Options& options);

}  // namespace bulkhead::safety
