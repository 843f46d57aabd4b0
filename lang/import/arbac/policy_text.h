// A role policy as a module with one model, whose claim asks whether the goal is out of reach.
#pragma once

#include <string>

#include "lang/import/arbac/policy.h"
#include "lang/import/arbac/reduce.h"
#include "lang/source/source.h"

namespace bulkhead::arbac {

struct PolicyTextOptions {
  std::string module = "imported";
  std::string model = "Roles";
};

/// The text, ended by a newline. Each rule is an action that is named after its line and column, so that the steps of a
/// run name them; a comment has the rule as it was written. Names that are no identifiers are changed into ones.
///
/// Where fewer users take part in a run than the reduced policy has, the model is about as many, each of them any user
/// but no two the same: docs/formats/arbac.md. Test: ArbacModel.IsDecidedAsExplicitSearchDoes.
///
/// Requires: `policy` comes from read().
std::string policy_text(const Policy& policy, const Reduced& reduced, const source::SourceMap& sources,
                        const PolicyTextOptions& options);

}  // namespace bulkhead::arbac
