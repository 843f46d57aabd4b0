// How a sentence can be narrowed so that what it was needed for is gone, as changes of the text. Nothing here is
// believed: what comes of a change is proved from scratch.
#pragma once

#include <vector>

#include "checker/query/repair.h"
#include "cli/policy.h"
#include "cli/text_edit.h"

namespace bulkhead::cli {

/// From the change that takes least to the removal of the sentence, which is always the last one: an exception
/// (`never`) after it, fewer rights, fewer objects.
///
/// Requires: the sentence has a place.
std::vector<Edit> narrowings(const Policy& policy, ir::SentenceId sentence, const std::vector<query::Need>& needs);

}  // namespace bulkhead::cli
