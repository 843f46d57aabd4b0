// From a policy and a plan to a running program: load, prove, emit, decode again, hand over.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/launch_plan.h"
#include "cli/options.h"
#include "cli/own_lines.h"

namespace bulkhead::cli {

struct Launch {
  PolicyInput input;
  std::vector<std::pair<std::string, std::string>> texts;  // policies that were made in memory
  std::string module;     // the module that declares the container; "" where the files name it
  std::string container;  // "" where there is only one
  OwnLines own_lines;     // of a text that was made from another file
  LaunchPlan plan;
  LaunchOptions options;
};

/// Replaces this process by the sandbox, or returns the exit status: 125 where it refused or failed, 126 and 127 for
/// the program itself, 0 after `--dry-run`, `--dump-policy` and `--emit-table`.
int launch(Launch launch);

/// The status for a program that could not be planned: 127 not found, 126 not executable, else 125; prints why.
int refuse_plan(const SystemError& error, const LaunchOptions& options);

/// Prints why the program never ran and writes the bulkhead.run/v1 object where one was asked for; returns `status`.
int refuse(const std::string& message, const LaunchOptions& options, int status = 125);

}  // namespace bulkhead::cli
