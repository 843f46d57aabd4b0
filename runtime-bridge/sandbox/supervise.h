// The supervisor's loop: one poll over everything that can happen to a running sandbox.
#pragma once

#include "runtime-bridge/sandbox/cgroup.h"
#include "runtime-bridge/sandbox/launch.h"
#include "runtime-bridge/sandbox/listener.h"
#include "runtime-bridge/sandbox/run.h"
#include "runtime-bridge/sandbox/streams.h"

namespace bulkhead::sandbox {

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

/// Serves the sandbox until its program ended and its output was passed on; fills cause, code, signal and resource.
///
/// Ensures: at the end no process of the sandbox runs. A refusal means that Bulkhead itself had to end the run.
Result<Unit, Refusal> supervise(const Supervised& run, RunOutcome& outcome);

}  // namespace bulkhead::sandbox
