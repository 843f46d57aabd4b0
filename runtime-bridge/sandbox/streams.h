// The program's standard streams: pipes or a pty of its own, relayed by the supervisor; the caller's are never handed
// in.
#pragma once

#include <poll.h>
#include <termios.h>

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {

/// One direction. Bytes wait here while the reader is slow; then nothing more is taken from the writer.
class Relay {
 public:
  Relay(int from, int to) : from_(from), to_(to) {}

  /// What to wait for: at most one of the two ends.
  pollfd want() const;
  /// Moves what can be moved without blocking, once.
  void advance(short events);
  /// Nothing more will come and nothing is waiting, or the reader is gone.
  bool done() const { return from_ < 0 && begin_ == end_; }
  void stop() {
    from_ = -1;
    begin_ = end_ = 0;
  }

 private:
  int from_, to_;
  std::array<char, 4096> buffer_{};  // PIPE_BUF: a pipe that polls writable takes this much without blocking
  std::size_t begin_ = 0, end_ = 0;
};

/// Passes on what a program that ended had written. Readers are waited for until SIGTERM or SIGINT comes to `signals`,
/// a signalfd; where a limit or a denial ended the program, until they take nothing for kReaderPatienceMilliseconds.
inline constexpr int kReaderPatienceMilliseconds = 5000;
void pass_on_output(const std::vector<Relay*>& outputs, int signals, Cause cause);

class Streams {
 public:
  static Result<Streams, Refusal> open(const RunOptions& options);
  Streams(Streams&&) noexcept = default;
  Streams& operator=(Streams&&) noexcept = default;
  ~Streams();

  /// The sandbox's ends for 0, 1 and 2.
  const std::array<int, 3>& inner() const { return inner_; }
  /// Closes the sandbox's ends here: from then on the end of the program is the end of its output.
  void close_inner();
  void add_waits(std::vector<pollfd>& waits) const;
  /// Takes the results for what add_waits added, from `waits[first]` on.
  void advance(const std::vector<pollfd>& waits, std::size_t first);
  /// The caller's input that ended closes the program's.
  void close_finished_input();
  /// Of a program that ended; see pass_on_output below.
  void pass_on_output(int signals, Cause cause);
  /// Copies the size of the caller's terminal to the program's.
  void resize();

 private:
  Streams() = default;
  std::array<int, 3> inner_{-1, -1, -1};
  std::vector<Descriptor> owned_inner_;
  Descriptor input_end_;               // our end of the program's input
  Descriptor output_end_, error_end_;  // our ends of its output
  std::vector<Relay> outputs_;
  std::optional<Relay> input_;
  int caller_terminal_ = -1;  // put into raw mode while a terminal run lasts
  struct termios saved_ {};
};

}  // namespace bulkhead::sandbox
