// What may be permitted so that a `can` claim that fails holds, as changes of the text. Nothing here is believed: what
// comes of a change is proved from scratch.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "checker/query/proof.h"
#include "cli/policy.h"
#include "cli/text_edit.h"

namespace bulkhead::cli {

/// One way to permit what is missing: for each edit the claim that it is for.
struct Grant {
  std::vector<ir::SentenceId> claims;
  std::vector<Edit> edits;
};

/// `prove s can r o` that is violated: something is missing. Of claims about every object, and of `refute`, it is not
/// known what.
bool asks_for_more(const ir::World& world, const query::ClaimResult& result);

/// From the one that permits least: a sentence for one object, which no satisfied claim says that the subject must not
/// have; then for all objects of the claim. None: a permission alone does not give it, since `never`, mounts and
/// read-only places beat it.
///
/// Requires: asks_for_more() of each of `targets`, which are among `claims`, what was found of all of them.
std::vector<Grant> grants(const Policy& policy, const std::vector<query::ClaimResult>& claims,
                          const std::vector<ir::ClaimId>& targets);

}  // namespace bulkhead::cli
