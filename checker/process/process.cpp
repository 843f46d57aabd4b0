#include "checker/process/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace bulkhead::process {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  int read = -1;
  int write = -1;
  ~Pipe() {
    close_end(read);
    close_end(write);
  }
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
  bool open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read = ends[0];
    write = ends[1];
    return true;
  }
};

Failure<SystemError> failure(const char* operation, const std::string& object) {
  return fail(SystemError{operation, object, errno, ""});
}

/// Only calls that are safe after fork.
[[noreturn]] void become(char* const* arguments, int in, int out, std::uint64_t memory_mib, const sigset_t& signals) {
  pthread_sigmask(SIG_SETMASK, &signals, nullptr);
  const rlim_t bytes = memory_mib << 20u;
  const rlimit limit{bytes, bytes};
  const rlimit no_core{0, 0};
  if (dup2(in, 0) >= 0 && dup2(out, 1) >= 0 && dup2(out, 2) >= 0 && setrlimit(RLIMIT_AS, &limit) == 0 &&
      setrlimit(RLIMIT_CORE, &no_core) == 0) {
    execvp(arguments[0], arguments);
  }
  _exit(127);
}

/// Feeds and drains until the child closes its output or the time is up; true if it was in time.
bool talk(Pipe& in, Pipe& out, const std::string& input, const ProcessLimits& limits, Clock::time_point deadline,
          std::string& text) {
  std::size_t sent = 0;
  char buffer[65536];
  const long long longest = limits.stop.stop_possible() ? 20 : 1'000'000;  // milliseconds in one wait
  for (;;) {
    if (sent == input.size()) Pipe::close_end(in.write);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0 || text.size() > limits.output_bytes || limits.stop.stop_requested()) return false;
    pollfd ends[2] = {{out.read, POLLIN, 0}, {in.write, POLLOUT, 0}};
    if (poll(ends, 2, static_cast<int>(std::min<long long>(left, longest))) < 0 && errno != EINTR) return false;
    if ((ends[1].revents & (POLLOUT | POLLERR)) != 0) {
      const ssize_t n = write(in.write, input.data() + sent, input.size() - sent);
      if (n > 0) sent += static_cast<std::size_t>(n);
      if (n < 0 && errno != EAGAIN && errno != EINTR) sent = input.size();  // it reads no more; its output tells why
    }
    if ((ends[0].revents & (POLLIN | POLLHUP)) != 0) {
      const ssize_t n = read(out.read, buffer, sizeof buffer);
      if (n == 0) return true;
      if (n > 0) text.append(buffer, static_cast<std::size_t>(n));
    }
  }
}

/// Waits for the end of a child whose output has ended; true if it came in time. A program ends right after its output
/// as a rule, so the pauses start short; one that closed its output and lives on is the caller's to kill.
bool reap(pid_t child, const ProcessLimits& limits, Clock::time_point deadline, int& status) {
  constexpr long kShortest = 50'000;  // nanoseconds
  constexpr long kLongest = 10'000'000;
  for (long pause = kShortest;; pause = std::min(2 * pause, kLongest)) {
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child || (ended < 0 && errno != EINTR)) return true;
    if (Clock::now() >= deadline || limits.stop.stop_requested()) return false;
    const timespec time{0, pause};
    nanosleep(&time, nullptr);
  }
}

}  // namespace

Result<ProcessOutput> run_process(const std::vector<std::string>& arguments, const std::string& input,
                                  const ProcessLimits& limits) {
  Pipe in;
  Pipe out;
  if (!in.open() || !out.open()) return failure("pipe", arguments.front());
  if (fcntl(in.write, F_SETFL, O_NONBLOCK) != 0) return failure("fcntl", arguments.front());
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  // A child that ends early must not end us: its broken pipe is an error of write, seen by this thread only.
  sigset_t broken_pipe;
  sigset_t before;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
  // Not fork(): that runs the handlers of whoever asked for them, and those of Z3's timers wait for ever for each other
  // when two threads fork at once. The child only calls exec, so it has no use for what they would set right.
  const pid_t child = _Fork();
  if (child < 0) {
    const auto failed = failure("fork", arguments.front());
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return failed;
  }
  if (child == 0) become(argv.data(), in.read, out.write, limits.memory_mib, before);
  Pipe::close_end(in.read);
  Pipe::close_end(out.write);
  ProcessOutput output;
  const auto deadline = std::min(Clock::now() + limits.time, limits.deadline);
  int status = -1;  // not an exit: what a child leaves that somebody else waited for
  output.timed_out = !talk(in, out, input, limits, deadline, output.text) || !reap(child, limits, deadline, status);
  if (output.timed_out) {
    kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  const timespec now{};
  while (sigtimedwait(&broken_pipe, nullptr, &now) > 0) {
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  output.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (output.exit_status == 127) return fail(SystemError{"execute", arguments.front(), ENOENT, ""});
  return output;
}

}  // namespace bulkhead::process
