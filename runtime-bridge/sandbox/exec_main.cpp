// bulkhead-exec: runs a command under a table. No parser, no solver: the table is all that it knows of the policy.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <string>

#include "lang/base/standard_streams.h"
#include "runtime-bridge/sandbox/exec_options.h"
#include "runtime-bridge/sandbox/run.h"
#include "runtime-bridge/sandbox/table_file.h"
#include "runtime-bridge/sandbox/time_slice.h"

namespace {

using bulkhead::sandbox::ExecOptions;

constexpr int kStatusPatienceMilliseconds = 1000;

void say(const std::string& text) {
  const std::string line = "bulkhead-exec: " + text + "\n";
  if (::write(2, line.data(), line.size()) < 0) return;  // nobody listens
}

/// In pieces that a pipe which polls writable takes without blocking: a reader that does not read holds nothing up.
void report(const ExecOptions& options, const bulkhead::sandbox::RunOutcome& outcome) {
  if (options.status_fd < 0) return;
  const std::string line = status_json(outcome, options.run.on_denial) + "\n";
  for (std::size_t done = 0; done < line.size();) {
    pollfd ready{options.status_fd, POLLOUT, 0};
    if (::poll(&ready, 1, kStatusPatienceMilliseconds) <= 0) return say("nobody reads the status object");
    const ssize_t count =
        ::write(options.status_fd, line.data() + done, std::min<std::size_t>(line.size() - done, PIPE_BUF));
    if (count < 0 && errno != EINTR && errno != EAGAIN) return say("cannot write the status object");
    if (count > 0) done += static_cast<std::size_t>(count);
  }
}

int refuse(const ExecOptions& options, const bulkhead::sandbox::Refusal& refusal) {
  bulkhead::sandbox::RunOutcome outcome;
  outcome.refusal = refusal;
  report(options, outcome);
  say(refusal.message());
  return outcome.status(options.run.on_denial);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace bulkhead;
  using namespace bulkhead::sandbox;
  if (!open_standard_streams()) {
    say("a standard stream is closed and /dev/null cannot be opened; help: start it with its three streams open");
    return 125;
  }
  const Result<ExecOptions, std::string> parsed = parse_exec_options(argc, argv);
  if (!parsed.ok()) {
    say(parsed.error());
    return 125;
  }
  ExecOptions options = *parsed;
  // A number that is not open would be taken by the first file that we open, and that file written into.
  if (options.status_fd >= 0 && (::fcntl(options.status_fd, F_GETFD) < 0 || options.status_fd == options.table_fd)) {
    say("--status-fd " + std::to_string(options.status_fd) + " is not an open descriptor of the caller's");
    return 125;
  }
  // What these say arrives as an error of the write, after which the run is ended in order. The program gets the
  // defaults.
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
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
