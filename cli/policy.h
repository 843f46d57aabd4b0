// A policy as every command that reads one gets it: loaded, with its diagnostics shown.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/mistakes.h"
#include "cli/options.h"
#include "lang/base/result.h"
#include "lang/frontend/load.h"
#include "lang/source/source.h"

namespace bulkhead::cli {

struct Policy {
  std::unique_ptr<source::SourceMap> sources;  // outlives what points into it
  frontend::Program program;
  std::vector<diag::Diagnostic> warnings;

  const ir::World& world() const { return program.world; }
};

/// Loads and shows every diagnostic.
std::variant<Policy, Unreadable> load_policy(const PolicyInput& input,
                                             std::vector<std::pair<std::string, std::string>> extra_texts = {});

/// With other texts for some files, by their real paths; nothing is shown. None: something is wrong with it then.
std::optional<Policy> load_changed(const PolicyInput& input, std::map<std::string, std::string> replaced_texts);

/// As above, where the last of `texts` extends `container`. A string is what to tell the user: a policy without that
/// container is told so by the name that was given, not by a mistake in a text that nobody wrote.
std::variant<Policy, std::string> load_extended(const PolicyInput& input,
                                                const std::vector<std::pair<std::string, std::string>>& texts,
                                                const std::string& container);

/// The name of the only container of a policy, or what to tell the user. Diagnostics are shown where they say why.
Result<std::string, std::string> only_container(const PolicyInput& input,
                                                const std::vector<std::pair<std::string, std::string>>& texts);

/// The container of that name, or the only one where the name is "". A string is what to tell the user.
std::variant<ir::SubjectId, std::string> find_container(const ir::World& world, const std::string& name);

}  // namespace bulkhead::cli
