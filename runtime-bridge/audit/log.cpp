#include "runtime-bridge/audit/log.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <optional>

#include "runtime-bridge/audit/encode.h"
#include "runtime-bridge/audit/fold.h"
#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/audit/tail.h"

namespace bulkhead::audit {
namespace {

constexpr int kSinkPatienceMilliseconds = 1000;

std::uint64_t microseconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

std::string digits(std::uint64_t number, std::size_t width) {
  const std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

/// RFC 3339 in UTC, to the microsecond. By the calendar, since the C library's way reads the time zone's file first.
std::string wall_time() {
  const std::uint64_t now = microseconds(CLOCK_REALTIME);
  const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds(now)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto seconds = static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(time - day).count());
  return digits(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4) + "-" +
         digits(static_cast<unsigned>(date.month()), 2) + "-" + digits(static_cast<unsigned>(date.day()), 2) + "T" +
         digits(seconds / 3600, 2) + ":" + digits(seconds / 60 % 60, 2) + ":" + digits(seconds % 60, 2) + "." +
         digits(now % 1'000'000, 6) + "Z";
}

/// Holds SIGPIPE off this thread and eats the one that a closed sink raised.
class PipeSignalHeld {
 public:
  PipeSignalHeld() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalHeld() {
    const timespec at_once{};
    if (sigismember(&before_, SIGPIPE) == 0) {
      while (sigtimedwait(&pipe_, nullptr, &at_once) == -1 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeSignalHeld(const PipeSignalHeld&) = delete;
  PipeSignalHeld& operator=(const PipeSignalHeld&) = delete;

 private:
  sigset_t pipe_{}, before_{};
};

}  // namespace

struct Log::State {
  int fd = -1;
  bool regular = false;
  Options options;
  ChainState chain;
  Digest start_after{};
  std::uint64_t denials = 0;
  std::uint64_t lost = 0, unreported = 0;
  int loss_error = 0;
  std::optional<Event> first_denial;
  Fold fold;

  ~State() {
    if (fd >= 0) close(fd);
  }

  std::string line_of(const Event& event, const Folded* folded) const;
  void take_back(std::string_view bytes, std::size_t done) const;
  int write_all(std::string_view bytes) const;
  Status put(const Event& event, const Folded* folded);
  Status attempt(const Event& event, const Folded* folded);
  Status drain();
};

std::string Log::State::line_of(const Event& event, const Folded* folded) const {
  JsonLine line;
  line.text("schema", "bulkhead.audit/v1").text("run", options.run_id).number("sequence", chain.lines + 1);
  line.number("monotonic_us", microseconds(CLOCK_MONOTONIC)).text("time", wall_time());
  line.text("event", event_name(event));
  encode(event, chain, line);
  if (folded != nullptr) {
    line.open("folded").number("count", folded->count).number("first_us", folded->first);
    line.number("last_us", folded->last).close();
  }
  line.text("previous", to_hex(chain.lines == 0 ? start_after : chain.head));
  return line.prefix();
}

/// Takes back the first `done` bytes of a line that did not fit, if they are still the end of the file.
void Log::State::take_back(std::string_view bytes, std::size_t done) const {
  struct stat now {};
  if (!regular || done == 0 || fstat(fd, &now) != 0 || now.st_size < static_cast<off_t>(done)) return;
  const off_t start = now.st_size - static_cast<off_t>(done);
  std::string there(done, '\0');
  if (pread(fd, there.data(), done, start) != static_cast<ssize_t>(done) || there != bytes.substr(0, done)) return;
  if (ftruncate(fd, start) != 0) return;  // the line stays torn, and `verify` names it
}

/// 0, or the errno of the loss.
int Log::State::write_all(std::string_view bytes) const {
  const PipeSignalHeld held;
  std::size_t done = 0;
  while (done < bytes.size()) {
    // A pipe or socket that poll calls writable takes PIPE_BUF bytes without blocking, whatever its flags.
    const std::size_t part = regular ? bytes.size() - done : std::min<std::size_t>(bytes.size() - done, PIPE_BUF);
    pollfd sink{fd, POLLOUT, 0};
    if (!regular && poll(&sink, 1, kSinkPatienceMilliseconds) == 0) return ETIMEDOUT;
    const ssize_t n = write(fd, bytes.data() + done, part);
    if (n >= 0) {
      done += static_cast<std::size_t>(n);
    } else if (errno != EINTR && errno != EAGAIN) {
      const int error = errno;
      take_back(bytes, done);
      return error;
    }
  }
  return 0;
}

Status Log::State::attempt(const Event& event, const Folded* folded) {
  std::string line = line_of(event, folded);
  const Digest hash = sha256(line);
  line += ",\"hash\":\"" + to_hex(hash) + "\"}\n";
  if (const int error = write_all(line); error != 0) {
    return fail(SystemError{"write", "the audit log", error, "the event is lost"});
  }
  chain.head = hash;
  ++chain.lines;
  return Unit{};
}

Status Log::State::put(const Event& event, const Folded* folded) {
  if (unreported != 0 && attempt(AuditLoss{unreported, loss_error}, nullptr).ok()) unreported = 0;
  Status written = unreported == 0 ? attempt(event, folded)
                                   : fail(SystemError{"write", "the audit log", loss_error, "the event is lost"});
  if (written) return written;
  const std::uint64_t events = folded != nullptr ? folded->count : 1;
  lost += events;
  unreported += events;
  loss_error = written.error().error;
  if (options.on_loss == OnLoss::Continue) return Unit{};
  return written;
}

Status Log::State::drain() {
  Status all = Unit{};
  for (const Folded& folded : fold.drain()) {
    Status written = put(folded.event, &folded);
    if (!written) all = written;
  }
  return all;
}

namespace {

const char* remedy_of(int error) {
  if (error == ENXIO) return "start what reads the pipe before the run";
  if (error == ELOOP) return "name the file itself: an audit log is written through no link";
  return "name a file for the audit log, in a folder where you may write";
}

}  // namespace

Result<std::string> make_run_id() {
  std::array<std::uint8_t, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return fail(SystemError{"getrandom", "run id", errno, ""});
  }
  std::string id;
  for (const std::uint8_t byte : bytes) {
    id += "0123456789abcdef"[byte >> 4];
    id += "0123456789abcdef"[byte & 15];
  }
  return id;
}

Log::Log(std::unique_ptr<State> state) : state_(std::move(state)) {}
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;
Log::~Log() = default;

Result<Log> Log::open(const std::string& path, Options options) {
  // O_NONBLOCK: a FIFO without a reader is refused (ENXIO), not waited for. O_RDWR where possible: the chain goes on
  // after the last line that stands there.
  int flags = O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  struct stat before {};
  const bool fifo = lstat(path.c_str(), &before) == 0 && S_ISFIFO(before.st_mode);
  const int fd = ::open(path.c_str(), flags | (fifo ? O_WRONLY : O_RDWR | O_CREAT), 0600);
  if (fd < 0) return fail(SystemError{"open", path, errno, remedy_of(errno)});
  struct stat now {};
  const bool seen = fstat(fd, &now) == 0;
  if (!seen || !(S_ISREG(now.st_mode) || S_ISFIFO(now.st_mode)) || now.st_uid != geteuid()) {
    close(fd);
    return fail(SystemError{"open", path, seen ? EPERM : errno,
                            "the audit log must be a regular file or a FIFO of the user who runs Bulkhead"});
  }
  return adopt(fd, std::move(options));
}

Result<Log> Log::adopt(int fd, Options options) {
  auto state = std::make_unique<State>();
  state->fd = fd;
  state->options = std::move(options);
  struct stat now {};
  if (fstat(fd, &now) != 0) return fail(SystemError{"fstat", "the audit log", errno, ""});
  state->regular = S_ISREG(now.st_mode);
  if (state->regular) {
    Result<Digest> tail = hash_of_last_line(fd, now.st_size);
    if (!tail) return fail(tail.error());
    state->start_after = *tail;
  }
  return Log(std::move(state));
}

Status Log::record(const Event& event) {
  State& s = *state_;
  const auto* denied = std::get_if<CapabilityDenied>(&event);
  const auto* allowed = std::get_if<AccessAllowed>(&event);
  if (allowed != nullptr && allowed->error == 0 && !logs_allowed()) return Unit{};
  if (denied != nullptr && ++s.denials == 1) s.first_denial = event;
  const std::uint64_t now = microseconds(CLOCK_MONOTONIC);
  if (s.fold.window_over(now) || std::holds_alternative<SandboxExit>(event)) {
    if (Status drained = s.drain(); !drained) return drained;
  }
  if ((denied != nullptr || allowed != nullptr) && s.fold.add(event, now) == Fold::Fate::Fold) return Unit{};
  return s.put(event, nullptr);
}

Status Log::tick() {
  return state_->fold.window_over(microseconds(CLOCK_MONOTONIC)) ? state_->drain() : Status(Unit{});
}

bool Log::logs_allowed() const {
  return state_->options.detail == Detail::Everything;
}
std::uint64_t Log::denials() const {
  return state_->denials;
}
const Event* Log::first_denial() const {
  return state_->first_denial ? &*state_->first_denial : nullptr;
}
std::uint64_t Log::lines() const {
  return state_->chain.lines;
}
std::uint64_t Log::lost() const {
  return state_->lost;
}
Digest Log::head() const {
  return state_->chain.head;
}
const std::string& Log::run_id() const {
  return state_->options.run_id;
}
int Log::fd() const {
  return state_->fd;
}

}  // namespace bulkhead::audit
