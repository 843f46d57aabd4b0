// Certificates as files in a folder: one for each case of each claim, named by claim and case.
#pragma once

#include <string>

#include "checker/query/proof.h"
#include "cli/policy.h"

namespace bulkhead::cli {

/// Writes every certificate of `proof` into `folder` (made if missing), and MANIFEST with what belongs to it. Returns
/// kHolds, or complains and returns kBadInput.
int write_certificates(const std::string& folder, const Policy& policy, const query::Proof& proof);

}  // namespace bulkhead::cli
