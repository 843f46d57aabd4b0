// The audit log of one run: hash-chained JSON lines of the form `bulkhead.audit/v1` (docs/formats/audit.md).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "lang/base/result.h"
#include "lang/base/sha256.h"
#include "runtime-bridge/audit/event.h"

namespace bulkhead::audit {

enum class OnLoss : std::uint8_t { Kill, Continue };       // Continue: the degradation `audit-loss=continue`
enum class Detail : std::uint8_t { Denials, Everything };  // Everything: --log=all

/// Equal denials above this many in a second fold into one line {count, first, last}.
inline constexpr std::uint32_t kFoldAbove = 100;
/// The most raw bytes of a string that the program chose.
inline constexpr std::size_t kMaxUntrustedBytes = 4096;

/// 128 random bits in hexadecimal: names the run, its cgroups and its folders.
Result<std::string> make_run_id();

/// Appends events. One object, one thread, one run; several runs may append to one file at the same time.
class Log {
 public:
  struct Options {
    std::string run_id;
    OnLoss on_loss = OnLoss::Kill;
    Detail detail = Detail::Denials;
  };

  /// Opens or creates `path` (append, close-on-exec, no-follow, mode 0600); to be called before the fork.
  ///
  /// Ensures: a regular file of the effective user, or a FIFO with a reader; anything else is refused.
  static Result<Log> open(const std::string& path, Options options);
  /// Takes the descriptor: a file, pipe or socket that the caller opened.
  static Result<Log> adopt(int fd, Options options);

  Log(Log&&) noexcept;
  Log& operator=(Log&&) noexcept;
  ~Log();  // closes the descriptor; writes nothing

  /// Writes `event`. SandboxExit gets the count of lines and the head of the chain, and writes what is still folded
  /// first.
  ///
  /// Ensures: ok, or the event is lost and the caller must kill the run and end with 125. Under OnLoss::Continue it is
  ///          always ok, and an AuditLoss line follows as soon as writing works again.
  /// Cost:    one write(2), none for an event that is folded; never blocks longer than a second on a pipe or socket.
  Status record(const Event& event);

  /// Writes folded denials whose second is over. Call it about every second.
  Status tick();

  bool logs_allowed() const;          // whether AccessAllowed is written where the call went on
  std::uint64_t denials() const;      // CapabilityDenied so far, folded ones counted singly
  const Event* first_denial() const;  // the first CapabilityDenied, or null
  std::uint64_t lines() const;
  std::uint64_t lost() const;
  Digest head() const;  // the `hash` of the last line written
  const std::string& run_id() const;
  int fd() const;

 private:
  struct State;
  explicit Log(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bulkhead::audit
