// A policy as every command that reads one gets it: loaded, with its diagnostics shown.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/options.h"
#include "lang/frontend/load.h"
#include "lang/source/source.h"

namespace bulkhead::cli {

struct Policy {
  std::unique_ptr<source::SourceMap> sources;  // outlives what points into it
  frontend::Program program;

  const ir::World& world() const { return program.world; }
};

/// Loads and shows every diagnostic. An int is the exit status to end with: the input was wrong.
std::variant<Policy, int> load_policy(const PolicyInput& input,
                                      std::vector<std::pair<std::string, std::string>> extra_texts = {});

/// The container of that name, or the only one where the name is "". A string is what to tell the user.
std::variant<ir::SubjectId, std::string> find_container(const ir::World& world, const std::string& name);

}  // namespace bulkhead::cli
