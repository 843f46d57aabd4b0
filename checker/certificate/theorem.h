// Does the evidence show the theorem? Conditions are made afresh from the system; runs are replayed. Trusted.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checker/conditions/conditions.h"
#include "checker/obligation/obligation.h"
#include "checker/verdict/verdict.h"
#include "lang/base/result.h"

namespace bulkhead::certificate {

/// Conditions, none of them trivial, and the terms that they are made of; null where there are no conditions.
struct Needed {
  std::shared_ptr<conditions::Terms> terms;
  std::vector<conditions::Condition> conditions;
};

/// What has to be valid for the verdict, or what the evidence lacks. Runs have been replayed when this returns, and
/// what needs no solver has been checked.
///
/// Requires: the goal is a Theorem; the obligation was made by obligation(), so that the system is valid.
Result<Needed, std::string> needed_for(const ir::World& world, const obligation::Theorem& goal,
                                       const verdict::Verdict& verdict);

/// The scripts that have to be answered `unsat`: one for each condition.
std::vector<std::string> scripts_for(const Needed& needed);

/// The scripts that came with the evidence; null where the verdict has none.
const std::vector<std::string>* scripts_of(const verdict::Verdict& verdict);

}  // namespace bulkhead::certificate
