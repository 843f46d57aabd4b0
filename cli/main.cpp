// bulkhead: the command line.
#include <cstdio>
#include <string_view>
#include <variant>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/last_words.h"
#include "cli/parse.h"
#include "cli/selinux_policy.h"
#include "cli/stack.h"
#include "lang/base/standard_streams.h"

int main(int argc, char** argv) {
  using namespace bulkhead::cli;
  if (!bulkhead::open_standard_streams()) return kBadInput;
  const std::string_view word = argc > 1 ? argv[1] : "";
  const bool runs = word == "run" || word == "sandbox";
  if (!have_stack(argv)) return runs ? kRefused : kBadInput;
  prepare_last_words(runs ? kRefused : kUnknown);
  if (word == "spacer-worker") return run_spacer_worker({argv + 2, argv + argc});
  if (word == "sepol-worker") return run_sepol_worker();
  std::variant<Command, UsageError> parsed = parse_command_line(argc, argv);
  if (const UsageError* error = std::get_if<UsageError>(&parsed)) {
    std::fputs(error->message.c_str(), stderr);
    return error->status;
  }
  return execute(std::get<Command>(parsed));
}
