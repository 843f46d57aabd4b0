// The listener: answers what the seccomp filter hands over, reports what the table forbids, mediates what it may.
//
// Standard: file accesses are looked up and observed (they go on; namespaces and Landlock enforce); exec, connect and
// bind are decided here, because nothing below would. Enhanced: opens are decided and done here too, and the descriptor
// is put in place. Whatever is notified and not mediated is refused with the table's errno. The supervisor's own loop
// polls fd() and calls on_readable(); no call blocks on the program. When the supervisor is gone the kernel answers
// ENOSYS.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>

#include "lang/base/result.h"
#include "runtime-bridge/audit/log.h"
#include "runtime-bridge/table/decide.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::sandbox {

enum class Enforce : std::uint8_t {
  All,
  AuditOnly
};  // AuditOnly (--audit): file and network denials are only reported

class Listener {
 public:
  struct Setup {
    int notify_fd = -1;                   // the filter's listener, owned from here on; -1: it comes by listen()
    table::Decider* decider = nullptr;    // taken over where the caller built one already; else it is built here
    const table::Table* table = nullptr;  // outlives the listener, as does `log`
    audit::Log* log = nullptr;
    pid_t init = -1;               // pid 1 of the sandbox, as this process sees it
    pid_t program = -1;            // the parked thread: its first exec passes, once
    std::uint32_t outer_user = 0;  // the uid and gid, outside, that mediated opens act as
    std::uint32_t outer_group = 0;
    Enforce enforce = Enforce::All;
  };

  /// Requires: the sandbox's root is in place (pivot_root done): `init`'s root is opened here, once.
  static Result<Listener> make(const Setup& setup);

  /// Takes over the filter's listener. Requires: make() was given none, and this is the first call.
  Status listen(int notify_fd);
  /// Frees what answering took, once nobody is left to ask. Requires: closed().
  void rest();

  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;
  ~Listener();  // closes everything: calls that still wait get ENOSYS

  /// Readable when something is to be done. Level-triggered.
  int fd() const;

  /// Does what is due, at most 64 requests, then returns.
  ///
  /// Fails only where the audit log lost an event (kill the run, 125) or the notify descriptor itself broke; the end of
  /// the last process is no failure: closed() tells.
  Status on_readable();

  bool closed() const;            // no process is left under the filter
  bool exec_passed() const;       // the program's first exec was let through
  std::uint64_t denials() const;  // the same as the log's

 private:
  struct State;
  explicit Listener(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bulkhead::sandbox
