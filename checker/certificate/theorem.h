// Does the evidence show the theorem? Conditions are made afresh from the system; runs are replayed. Trusted.
#pragma once

#include <string>
#include <vector>

#include "checker/obligation/obligation.h"
#include "checker/verdict/verdict.h"
#include "lang/base/result.h"

namespace bulkhead::certificate {

/// The scripts that have to be answered `unsat` for the verdict, each once; or what the evidence lacks. Runs have been
/// replayed when this returns, and what needs no solver has been checked.
///
/// Requires: the goal is a Theorem; the obligation was made by obligation(), so that the system is valid.
Result<std::vector<std::string>, std::string> theorem_scripts(const ir::World& world, const obligation::Theorem& goal,
                                                              const verdict::Verdict& verdict);

/// The scripts that came with the evidence; null where the verdict has none.
const std::vector<std::string>* scripts_of(const verdict::Verdict& verdict);

}  // namespace bulkhead::certificate
