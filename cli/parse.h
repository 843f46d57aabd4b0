// From argv to a Command.
#pragma once

#include <string>
#include <variant>

#include "cli/options.h"

namespace bulkhead::cli {

/// What is wrong with a command line, ready to print, with the status to end with: 2, but 125 where the words after
/// `run` or `sandbox run` were wrong (their caller must be able to tell it from the program's own status).
struct UsageError {
  std::string message;
  int status = 2;
};

std::variant<Command, UsageError> parse_command_line(int argc, const char* const* argv);

/// Every command and option as a bash completion script, and as a man page (roff); made from the command tree.
std::string bash_completion();
std::string man_page();

}  // namespace bulkhead::cli
