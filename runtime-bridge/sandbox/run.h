// One enforced run: a table and a command in, what became of it out.
//
// Every layer that the table asks for is installed and read back before the program's first instruction, or the program
// never starts (status 125). Nothing of a run remains after it: no cgroup, mount, namespace, process or user-id lock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime-bridge/audit/log.h"
#include "runtime-bridge/sandbox/step.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::sandbox {

enum class OnDenial : std::uint8_t { Continue, Fail, Kill };
enum class Rules : std::uint8_t { Enforced, AuditOnly };  // AuditOnly: --audit lifts the file and network rules only
enum class Input : std::uint8_t { Null, Forwarded, Terminal };
enum class ReadbackNeed : std::uint8_t { Any, Exact };
enum class Readback : std::uint8_t { None, Probed, Exact };

/// A file that the launcher writes into the own root, read-only: the script of `sandbox run`.
struct PlacedFile {
  std::string path;  // absolute, in the sandbox
  std::string contents;
};

struct RunOptions {
  std::vector<std::string> command;  // looked up in the sandbox's own PATH where it has no slash
  std::string working_folder = "/";
  std::vector<PlacedFile> files;
  OnDenial on_denial = OnDenial::Continue;
  Rules rules = Rules::Enforced;
  Input input = Input::Null;
  ReadbackNeed readback = ReadbackNeed::Any;
  int in_fd = 0;  // the caller's streams: relayed by pipes or a pty of its own, never handed in
  int out_fd = 1;
  int err_fd = 2;
  Step fault = Step::None;  // makes that step fail with EIO: fault injection of the tests
};

enum class Cause : std::uint8_t { Exit, Signal, Denied, Resource, Timeout, Refused };
/// "exit", "signal", ...
std::string_view cause_name(Cause cause);

struct RunOutcome {
  bool started = false;  // the program's first instruction ran
  Cause cause = Cause::Refused;
  int code = 0;  // of an exit; 126 or 127 where the program could not be executed or found
  int signal = 0;
  std::uint64_t denials = 0;
  std::string first_denial;  // "openat /etc/passwd"; "" if none
  std::string resource;      // memory, pids: the limit that ended the run
  table::Level level = table::Level::Standard;
  std::vector<std::string> degraded;
  Readback readback = Readback::None;
  std::optional<Refusal> refusal;

  /// The exit status of `bulkhead-exec` (docs/exit-status.md).
  int status(OnDenial on_denial) const;
};

/// Runs `options.command` under `table` and returns when it ended and everything is taken down.
///
/// Requires: table::well_formed(table); no other thread of this process forks meanwhile.
/// Ensures:  the outcome is Refused unless every layer was installed and read back.
RunOutcome run(const table::Table& table, const RunOptions& options, audit::Log& log);

/// "openat /etc/passwd": the log's first denial, "" if there is none.
std::string describe_first_denial(const audit::Log& log);

/// The `bulkhead.run/v1` object of --status-fd, one line.
std::string status_json(const RunOutcome& outcome, OnDenial on_denial);

}  // namespace bulkhead::sandbox
