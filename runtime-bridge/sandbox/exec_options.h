// The command line of bulkhead-exec: written by `bulkhead run`, not by people; every option once, `--` before the
// command.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {

struct ExecOptions {
  int table_fd = 3;
  int audit_fd = -1;      // an open log, or
  std::string audit_log;  // a path, "" and no descriptor: ./bulkhead-audit.jsonl
  int status_fd = -1;
  audit::Detail detail = audit::Detail::Denials;
  bool audit_loss_continue = false;
  std::vector<std::pair<std::string, int>> placed;  // --place PATH=FD: contents read from the descriptor
  RunOptions run;
};

/// Options:
///   --table-fd N       sealed memfd with the table (3)
///   --audit-fd N, --audit-log PATH, --log=all, --audit-loss=continue
///   --status-fd N      where the bulkhead.run/v1 object goes
///   --on-denial=continue|fail|kill
///   --audit            lift file and network rules, record what they would deny
///   --require-readback=exact
///   --stdin, --tty     forward the caller's input; a pty of the program's own
///   --folder PATH      working folder in the sandbox
///   --place PATH=FD    a read-only file in the sandbox's own root
Result<ExecOptions, std::string> parse_exec_options(int argc, const char* const* argv);

Result<audit::Log> open_log(const ExecOptions& options, const table::Table& table);

}  // namespace bulkhead::sandbox
