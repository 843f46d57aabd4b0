#include "runtime-bridge/sandbox/supervise.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "runtime-bridge/sandbox/limits.h"

namespace bulkhead::sandbox {

namespace {

constexpr int kForwarded[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH};
constexpr int kTickMilliseconds = 1000;
constexpr int kSampleMilliseconds = 50;

Descriptor make_timer(const table::Limit& time) {
  if (!time.set) return Descriptor();
  Descriptor timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  const std::uint64_t milliseconds = std::max<std::uint64_t>(time.amount, 1);
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(milliseconds / 1000);
  when.it_value.tv_nsec = static_cast<long>(milliseconds % 1000 * 1'000'000);
  ::timerfd_settime(timer.get(), 0, &when, nullptr);
  return timer;
}

/// Why the sandbox was killed by us, if it was; the first reason stays.
enum class Killed : std::uint8_t { No, Time, Memory, Denial };

class Loop {
 public:
  explicit Loop(const Supervised& run)
      : run_(run),
        timer_(make_timer(run.table.limits.time)),
        sampled_(run.table.limits.memory.set && !run.cgroup.limits_memory()) {}

  Result<Unit, Refusal> serve() {
    while (!ended_) {
      std::vector<pollfd> waits{{run_.sandbox.pidfd(), POLLIN, 0},
                                {run_.listener.fd(), POLLIN, 0},
                                {timer_.get(), POLLIN, 0},
                                {run_.cgroup.oom_event(), POLLIN, 0},
                                {run_.signals.fd(), POLLIN, 0}};
      const std::size_t first_stream = waits.size();
      run_.streams.add_waits(waits);
      const int ready = ::poll(waits.data(), waits.size(), sampled_ ? kSampleMilliseconds : kTickMilliseconds);
      if (ready < 0 && errno != EINTR) return fail(Refusal{Step::Supervise, errno, "", ""});
      if (ready <= 0) {
        Result<Unit, Refusal> quiet = tick();
        if (!quiet.ok()) return quiet;
        continue;
      }
      Result<Unit, Refusal> done = react(waits);
      if (!done.ok()) return done;
      run_.streams.advance(waits, first_stream);
    }
    return Unit{};
  }

  Killed killed() const { return killed_; }

 private:
  /// The listener fails where an event was lost, or by itself.
  Result<Unit, Refusal> heard(const Status& status) const {
    if (status.ok()) return Unit{};
    const bool lost = run_.log.lost() > 0;
    return fail(Refusal{lost ? Step::RecordStart : Step::Listen, status.error().error,
                        lost ? "" : status.error().operation, ""});
  }

  Result<Unit, Refusal> react(const std::vector<pollfd>& waits) {
    if (waits[1].revents != 0) {
      Result<Unit, Refusal> done = heard(run_.listener.on_readable());
      if (!done.ok()) return done;
      if (run_.options.on_denial == OnDenial::Kill && run_.listener.denials() > 0) kill(Killed::Denial);
      if (run_.listener.closed()) run_.listener.rest();  // while the first process ends
    }
    if (waits[2].revents != 0) {
      Result<Unit, Refusal> told = end_of_time();
      if (!told.ok()) return told;
    }
    if (waits[3].revents != 0 && run_.cgroup.oom_kills() > 0) kill(Killed::Memory);  // the whole group, not one process
    if (waits[4].revents != 0) forward();
    if (waits[0].revents != 0) {
      ended_ = true;
      // Denials of the last moments still wait there.
      return heard(run_.listener.on_readable());
    }
    return Unit{};
  }

  Result<Unit, Refusal> tick() {
    if (sampled_ && resident_bytes(run_.sandbox.parked().first) > run_.table.limits.memory.amount) kill(Killed::Memory);
    const Status written = run_.log.tick();
    if (!written.ok()) return fail(Refusal{Step::RecordStart, written.error().error, "", ""});
    return Unit{};
  }

  void forward() {
    signalfd_siginfo info{};
    while (::read(run_.signals.fd(), &info, sizeof info) == sizeof info) {
      const int number = static_cast<int>(info.ssi_signo);
      if (number == SIGWINCH) run_.streams.resize();
      run_.sandbox.signal(number);
    }
  }

  /// The kill first: a log that is slow or lost must not give the program more time.
  Result<Unit, Refusal> end_of_time() {
    timer_ = Descriptor();
    kill(Killed::Time);
    if (killed_ != Killed::Time) return Unit{};
    const table::Limit& time = run_.table.limits.time;
    return record_exceeded("time", time, time.amount, run_.table, run_.log);
  }

  void kill(Killed why) {
    if (killed_ == Killed::No) killed_ = why;
    run_.sandbox.kill();
  }

  const Supervised& run_;
  Descriptor timer_;
  bool sampled_;
  bool ended_ = false;
  Killed killed_ = Killed::No;
};

/// What became of the program, from the wait status that the first process noted before its end.
void classify(const Supervised& run, Killed killed, RunOutcome& outcome) {
  const Rendezvous& page = run.sandbox.page();
  const bool ended = page.program_ended.load() != 0;
  const int status = page.program_status.load();
  outcome.signal = !ended ? SIGKILL : WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  outcome.code = ended && WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  outcome.cause = outcome.signal != 0 ? Cause::Signal : Cause::Exit;
  if (run.cgroup.oom_kills() > 0 || killed == Killed::Memory) {
    outcome.cause = Cause::Resource;
    outcome.resource = "memory";
  } else if (killed == Killed::Time) {
    outcome.cause = Cause::Timeout;
  } else if (killed == Killed::Denial) {
    outcome.cause = Cause::Denied;
  } else if (outcome.signal == SIGXFSZ) {
    outcome.cause = Cause::Resource;
    outcome.resource = "disk";
  }
}

}  // namespace

ForwardedSignals::ForwardedSignals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : kForwarded) ::sigaddset(&set, number);
  fd_ = Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  ::sigaddset(&set, SIGPIPE);  // a reader that is gone is an error of the write, not our end
  ::sigprocmask(SIG_BLOCK, &set, &before_);
}

ForwardedSignals::~ForwardedSignals() {
  const timespec none{0, 0};
  sigset_t pipe;
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  while (::sigtimedwait(&pipe, nullptr, &none) > 0) {
  }
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

Result<Unit, Refusal> record_exceeded(const char* resource, const table::Limit& limit, std::uint64_t observed,
                                      const table::Table& table, audit::Log& log) {
  const Status written = log.record(audit::ResourceExceeded{
      resource, limit.amount, observed, audit::provenance(table, table::kNone, limit.sentence, table::kNone)});
  if (written.ok()) return Unit{};
  return fail(Refusal{Step::RecordStart, written.error().error, "", ""});
}

Result<Unit, Refusal> record_exit(RunOutcome& outcome, audit::Log& log) {
  outcome.denials = log.denials();
  outcome.first_denial = describe_first_denial(log);
  const Status written = log.record(
      audit::SandboxExit{std::string(cause_name(outcome.cause)), outcome.code, outcome.signal, outcome.denials});
  if (written.ok()) return Unit{};
  return fail(Refusal{Step::RecordStart, written.error().error, "", ""});
}

Result<Unit, Refusal> supervise(const Supervised& run, RunOutcome& outcome) {
  Loop loop(run);
  Result<Unit, Refusal> served = loop.serve();
  run.sandbox.finish();
  const int exec_error = run.sandbox.page().exec_error.load();
  outcome.started = run.listener.exec_passed() && exec_error == 0;
  if (!served.ok()) return served;
  if (exec_error != 0) return fail(Refusal{Step::Execute, exec_error, run.options.command[0], ""});
  outcome.started = true;
  classify(run, loop.killed(), outcome);
  return Unit{};
}

}  // namespace bulkhead::sandbox
