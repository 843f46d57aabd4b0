// bulkhead-exec: runs a command under a table. No parser, no solver: the table is all that it knows of the policy.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "runtime-bridge/sandbox/exec_options.h"
#include "runtime-bridge/sandbox/run.h"
#include "runtime-bridge/sandbox/table_file.h"
#include "runtime-bridge/sandbox/time_slice.h"

namespace {

using bulkhead::sandbox::ExecOptions;

void say(const std::string& text) {
  const std::string line = "bulkhead-exec: " + text + "\n";
  if (::write(2, line.data(), line.size()) < 0) return;  // nobody listens
}

void report(const ExecOptions& options, const bulkhead::sandbox::RunOutcome& outcome) {
  if (options.status_fd < 0) return;
  const std::string line = status_json(outcome, options.run.on_denial) + "\n";
  if (::write(options.status_fd, line.data(), line.size()) < 0) say("cannot write the status object");
}

int refuse(const ExecOptions& options, const bulkhead::sandbox::Refusal& refusal) {
  bulkhead::sandbox::RunOutcome outcome;
  outcome.refusal = refusal;
  report(options, outcome);
  say(refusal.message());
  return outcome.status(options.run.on_denial);
}

/// A descriptor that we open must never become one of the three standard streams.
void fill_standard_streams() {
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0 && fd < 3; fd = ::open("/dev/null", O_RDWR)) {
    if (fd == 2) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace bulkhead;
  using namespace bulkhead::sandbox;
  const Result<ExecOptions, std::string> parsed = parse_exec_options(argc, argv);
  if (!parsed.ok()) {
    say(parsed.error());
    return 125;
  }
  ExecOptions options = *parsed;
  if (::fcntl(0, F_GETFD) < 0 || ::fcntl(1, F_GETFD) < 0 || ::fcntl(2, F_GETFD) < 0) fill_standard_streams();
  const Result<table::Table, Refusal> table = load_table(options.table_fd);
  if (!table.ok()) return refuse(options, table.error());
  Result<audit::Log> log = open_log(options, *table);
  if (!log.ok())
    return refuse(options, Refusal{Step::RecordStart, log.error().error, log.error().object, log.error().detail});
  for (const auto& [path, fd] : options.placed) {
    Result<PlacedFile, Refusal> file = load_placed_file(path, fd);
    if (!file.ok()) return refuse(options, file.error());
    options.run.files.push_back(std::move(file).value());
  }
  prefer_slice(kShortSlice);
  const RunOutcome outcome = run(*table, options.run, *log);
  report(options, outcome);
  if (outcome.refusal) say(outcome.refusal->message());
  return outcome.status(options.run.on_denial);
}
