#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/audit/line_source.h"
#include "runtime-bridge/embed/bulkhead.h"

namespace bulkhead::embed {
namespace {

constexpr int kStatusFd = 3, kTableFd = 4;  // in the child
constexpr std::size_t kMaxStatus = 1 << 16;

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd() { reset(); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  void reset(int fd = -1) {
    if (fd_ >= 0) close(fd_);
    fd_ = fd;
  }

 private:
  int fd_;
};

/// A log of this run alone, where the caller named none.
class LogFile {
 public:
  explicit LogFile(const std::string& named) : path_(named), own_(named.empty()) {
    if (!own_) return;
    const char* folder = getenv("TMPDIR");
    path_ = std::string(folder != nullptr && *folder == '/' ? folder : "/tmp") + "/bulkhead-run-XXXXXX";
    const Fd file(mkostemp(path_.data(), O_CLOEXEC));
    if (file.get() < 0) throw_errno("bulkhead: audit log");
  }
  ~LogFile() {
    if (own_) unlink(path_.c_str());
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool own_;
};

std::vector<std::string> command_line(const Request& request, const std::string& log) {
  std::vector<std::string> words;
  if (request.table_fd >= 0) {
    words = {request.bulkhead_exec, "--table-fd", std::to_string(kTableFd)};
  } else if (!request.capabilities.empty()) {
    words = {request.bulkhead, "sandbox", "run", "--capabilities", request.capabilities, "--quiet"};
  } else {
    words = {request.bulkhead, "run", "--quiet"};
  }
  words.insert(words.end(), {"--status-fd", std::to_string(kStatusFd), "--audit-log", log});
  words.insert(words.end(), request.options.begin(), request.options.end());
  std::size_t first = 0;
  if (request.table_fd < 0) {
    const bool script = !request.capabilities.empty();
    if (script && !request.command.empty()) words.push_back(request.command[first++]);
    if (!script) words.push_back(request.policy);
  }
  words.push_back("--");
  words.insert(words.end(), request.command.begin() + static_cast<std::ptrdiff_t>(first), request.command.end());
  return words;
}

pid_t start(std::vector<std::string> words, int status_end, int table) {
  // Away from the numbers that they get in the child, so that neither overwrites the other.
  const Fd status(fcntl(status_end, F_DUPFD_CLOEXEC, 16));
  const Fd handed(table >= 0 ? fcntl(table, F_DUPFD_CLOEXEC, 16) : -1);
  if (status.get() < 0 || (table >= 0 && handed.get() < 0)) throw_errno("bulkhead: duplicate a descriptor");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, status.get(), kStatusFd);
  if (handed.get() >= 0) posix_spawn_file_actions_adddup2(&actions, handed.get(), kTableFd);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = -1;
  const int error = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), "bulkhead: start " + words[0]);
  return child;
}

std::string read_status(int fd) {
  std::string text;
  char buffer[4096];
  while (text.size() < kMaxStatus) {
    const ssize_t n = read(fd, buffer, sizeof buffer);
    if (n > 0)
      text.append(buffer, static_cast<std::size_t>(n));
    else if (n == 0 || errno != EINTR)
      break;
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw_errno("bulkhead: wait");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::optional<Cause> cause_from(std::string_view name) {
  if (name == "exit") return Cause::Exit;
  if (name == "signal") return Cause::Signal;
  if (name == "denied") return Cause::Denied;
  if (name == "resource") return Cause::Resource;
  if (name == "timeout") return Cause::Timeout;
  if (name == "refused") return Cause::Refused;
  return std::nullopt;
}

std::optional<Outcome> outcome_from(const audit::JsonFields& fields) {
  const std::optional<Cause> cause = cause_from(fields.text("cause"));
  const std::optional<bool> started = fields.boolean("started");
  const auto code = fields.number("code"), signal = fields.number("signal"), denials = fields.number("denials");
  if (fields.text("schema") != "bulkhead.run/v1" || !cause || !started || !code || !signal || !denials)
    return std::nullopt;
  Outcome outcome;
  outcome.started = *started;
  outcome.cause = *cause;
  outcome.code = static_cast<int>(*code & 0xFF);
  outcome.signal = static_cast<int>(*signal & 0xFF);
  outcome.denials = *denials;
  outcome.first_denial = fields.text("first_denial");
  outcome.level = fields.text("level");
  outcome.readback = fields.text("readback");
  for (std::size_t i = 0; const audit::JsonField* each = fields.find("degraded." + std::to_string(i)); ++i) {
    outcome.degraded.push_back(each->value);
  }
  return outcome;
}

Event event_from(const audit::JsonFields& fields, const std::string& line) {
  Event event;
  event.name = fields.text("event");
  event.operation = fields.text("operation");
  event.capability = fields.text("capability");
  event.object = fields.text("object");
  event.resource = fields.text("resource");
  event.rule_file = fields.text("rule.file");
  event.rule_line = fields.number("rule.line").value_or(0);
  event.rule_text = fields.text("rule.text");
  event.claim = fields.text("claim.name");
  event.line = line;
  return event;
}

/// The first event of that name in the log's last run; an empty one where the log has none.
Event first_event(const std::string& path, std::string_view name) {
  Event found;
  Result<audit::LineSource> source = audit::LineSource::open(path);
  std::string line, run;
  while (source) {
    const auto next = source->next(line);
    if (!next || *next != audit::LineSource::Next::Line) break;
    const std::optional<audit::JsonFields> fields = audit::read_json_line(line);
    if (!fields) continue;
    if (fields->number("sequence") == 1) {
      run = fields->text("run");
      found = {};
    }
    if (found.line.empty() && fields->text("run") == run && fields->text("event") == name)
      found = event_from(*fields, line);
  }
  return found;
}

std::string describe(const Event& event) {
  if (event.name == "ResourceExceeded") return "limit exceeded: " + event.resource;
  std::string text = "denied: " + event.operation + (event.object.empty() ? "" : " " + event.object);
  if (!event.rule_file.empty()) text += " (" + event.rule_file + ":" + std::to_string(event.rule_line) + ")";
  return text;
}

}  // namespace

SandboxViolationError::SandboxViolationError(const std::string& what, Event event, Outcome outcome)
    : std::runtime_error(what), event_(std::move(event)), outcome_(std::move(outcome)) {}

RefusedError::RefusedError(const std::string& what, int status) : std::runtime_error(what), status_(status) {}

Outcome run(const Request& request) {
  if (request.command.empty()) throw RefusedError("bulkhead: the request has no command", 125);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw_errno("bulkhead: pipe");
  Fd reader(ends[0]), writer(ends[1]);
  const LogFile log(request.log);
  const pid_t child = start(command_line(request, log.path()), writer.get(), request.table_fd);
  writer.reset();
  const std::string status_line = read_status(reader.get());
  const int status = wait_for(child);
  const std::optional<audit::JsonFields> fields = audit::read_json_line(status_line);
  std::optional<Outcome> outcome = fields ? outcome_from(*fields) : std::nullopt;
  if (!outcome || outcome->cause == Cause::Refused) {
    const std::string_view message = fields ? fields->text("refusal.message") : std::string_view();
    throw RefusedError("bulkhead refused the run" + (message.empty() ? "" : ": " + std::string(message)), status);
  }
  const bool limit = outcome->cause == Cause::Resource || outcome->cause == Cause::Timeout;
  if (request.violations == Violations::Throw && (limit || outcome->denials != 0)) {
    Event event = first_event(log.path(), limit ? "ResourceExceeded" : "CapabilityDenied");
    const std::string what = describe(event);
    throw SandboxViolationError(what, std::move(event), std::move(*outcome));
  }
  return *outcome;
}

}  // namespace bulkhead::embed
