// The C++ embedding API of Bulkhead: run a program under a proved policy, get its outcome, or an exception with the
// event.
//
//   #include <runtime-bridge/embed/bulkhead.h>
//   bulkhead::embed::Request request;
//   request.policy = "agent.bh::Agent";
//   request.command = {"/usr/bin/python3", "job.py"};
//   const bulkhead::embed::Outcome outcome = bulkhead::embed::run(request);
//
// The run is a child process (`bulkhead`, which proves and then becomes `bulkhead-exec`): this library holds no parser,
// no solver and no privilege, and needs no header but this one.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace bulkhead::embed {

enum class Cause : std::uint8_t { Exit, Signal, Denied, Resource, Timeout, Refused };

/// The denial or the exceeded limit, as the audit log has it. Strings are escaped as docs/formats/audit.md says.
struct Event {
  std::string name;        // CapabilityDenied or ResourceExceeded
  std::string operation;   // openat
  std::string capability;  // FILE_READ
  std::string object;      // /etc/passwd
  std::string resource;    // memory
  std::string rule_file;
  std::uint64_t rule_line = 0;
  std::string rule_text;
  std::string claim;
  std::string line;  // the whole line of the log
};

struct Outcome {
  bool started = false;
  Cause cause = Cause::Refused;
  int code = 0;
  int signal = 0;
  std::uint64_t denials = 0;
  std::string first_denial;
  std::string level;
  std::string readback;
  std::vector<std::string> degraded;
};

/// The program tried what the policy forbids, or went beyond a limit. Trying again ends the same way.
class SandboxViolationError : public std::runtime_error {
 public:
  SandboxViolationError(const std::string& what, Event event, Outcome outcome);
  const Event& event() const { return event_; }
  const Outcome& outcome() const { return outcome_; }
  static constexpr bool retryable() { return false; }

 private:
  Event event_;
  Outcome outcome_;
};

/// Bulkhead refused or failed, and the program never ran (or was ended by Bulkhead): the remedy may be outside the
/// policy.
class RefusedError : public std::runtime_error {
 public:
  RefusedError(const std::string& what, int status);
  int status() const { return status_; }  // 125, 126, 127; 1 to 4 where the policy did not prove
  static constexpr bool retryable() { return true; }

 private:
  int status_;
};

enum class Violations : std::uint8_t { Throw, Report };  // Report: denials stand in the outcome only

struct Request {
  std::string bulkhead = "bulkhead";  // looked up in PATH; ignored with a table
  std::string bulkhead_exec = "bulkhead-exec";
  std::string policy;        // FILE::Container; or, with `script`, ignored
  std::string capabilities;  // `bulkhead sandbox run`: the capability file; command[0] is the script
  int table_fd = -1;         // a sealed memfd with a table: bulkhead-exec is started directly
  std::vector<std::string> command;
  std::vector<std::string> options;  // further options of the command line
  std::string log;                   // audit log; "": one of this run alone, removed after it
  Violations violations = Violations::Throw;
};

/// Runs the request and waits for its end. Standard output and error are this process's.
///
/// Ensures: the program ran to its end. Throws SandboxViolationError or RefusedError, or std::system_error where this
///          process could not start a child.
Outcome run(const Request& request);

}  // namespace bulkhead::embed
