// bulkhead: the command line.
#include <cstdio>
#include <variant>

#include "cli/commands.h"
#include "cli/parse.h"

int main(int argc, char** argv) {
  using namespace bulkhead::cli;
  std::variant<Command, UsageError> parsed = parse_command_line(argc, argv);
  if (const UsageError* error = std::get_if<UsageError>(&parsed)) {
    std::fputs(error->message.c_str(), stderr);
    return error->status;
  }
  return execute(std::get<Command>(parsed));
}
