// The diagnostics of a policy that cannot be read, for the report that was asked for.
#pragma once

#include <string>

#include "cli/options.h"

namespace bulkhead::cli {

/// Writes them as annotations of GitHub to `output`, or to stdout. The text for a person has been shown before.
void annotate_mistakes(const PolicyInput& input, const std::string& output);

}  // namespace bulkhead::cli
