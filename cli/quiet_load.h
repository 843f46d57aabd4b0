// A policy beside further texts, loaded once more without a word: its diagnostics were shown when it was first loaded.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/policy.h"

namespace bulkhead::cli {

/// None: something is wrong with it.
std::optional<Policy> load_quietly(const PolicyInput& input, std::vector<std::pair<std::string, std::string>> texts);

}  // namespace bulkhead::cli
