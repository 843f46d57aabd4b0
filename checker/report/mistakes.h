// What is wrong with a policy's text, where a person reviews the change that made it so.
#pragma once

#include <string>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::report {

/// Workflow commands of GitHub Actions, one for each diagnostic.
std::string github(const std::vector<diag::Diagnostic>& mistakes, const source::SourceMap& sources);

}  // namespace bulkhead::report
