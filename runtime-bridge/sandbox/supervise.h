// The supervisor's loop: one poll over everything that can happen to a running sandbox.
#pragma once

#include "runtime-bridge/sandbox/cgroup.h"
#include "runtime-bridge/sandbox/launch.h"
#include "runtime-bridge/sandbox/listener.h"
#include "runtime-bridge/sandbox/run.h"
#include "runtime-bridge/sandbox/streams.h"

namespace bulkhead::sandbox {

/// ResourceExceeded of one limit.
Result<Unit, Refusal> record_exceeded(const char* resource, const table::Limit& limit, std::uint64_t observed,
                                      const table::Table& table, audit::Log& log);

/// SandboxExit, with the denials that the log has counted.
Result<Unit, Refusal> record_exit(RunOutcome& outcome, audit::Log& log);

/// Blocks the signals that are passed on to the program, for as long as it lives.
class ForwardedSignals {
 public:
  ForwardedSignals();
  ~ForwardedSignals();
  ForwardedSignals(const ForwardedSignals&) = delete;
  ForwardedSignals& operator=(const ForwardedSignals&) = delete;
  int fd() const { return fd_.get(); }

 private:
  sigset_t before_;
  Descriptor fd_;
};

struct Supervised {
  Launched& sandbox;
  Listener& listener;
  Streams& streams;
  const Cgroup& cgroup;
  const ForwardedSignals& signals;
  const table::Table& table;
  const RunOptions& options;
  audit::Log& log;
};

/// Serves the sandbox until its program ended; fills cause, code, signal and resource. What it wrote last may still
/// wait for its reader: nobody's end waits for that.
///
/// Ensures: at the end no process of the sandbox runs; a wall time that was over is recorded as it was. A refusal means
/// that Bulkhead itself had to end the run.
Result<Unit, Refusal> supervise(const Supervised& run, RunOutcome& outcome);

}  // namespace bulkhead::sandbox
