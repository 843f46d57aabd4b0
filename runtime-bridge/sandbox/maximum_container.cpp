#include "runtime-bridge/sandbox/maximum_container.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include "lang/base/file.h"
#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/sandbox/kernel.h"
#include "runtime-bridge/sandbox/maximum_config.h"
#include "runtime-bridge/sandbox/maximum_sink.h"
#include "runtime-bridge/table/decide.h"

namespace bulkhead::sandbox {
namespace {

constexpr int kPatienceMilliseconds = 30'000;
constexpr std::size_t kMaxReport = 1 << 18;
constexpr unsigned kSentinels = 4;
constexpr const char* kRunscPlaces[] = {"/usr/bin/runsc", "/usr/local/bin/runsc", "/usr/local/sbin/runsc"};

std::string own_folder() {
  std::string path(4096, '\0');
  const ssize_t n = readlink("/proc/self/exe", path.data(), path.size());
  path.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return path.substr(0, path.rfind('/'));
}

std::int64_t milliseconds_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

struct Pipe {
  Descriptor read, write;
  bool open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read.reset(ends[0]);
    write.reset(ends[1]);
    return true;
  }
};

Descriptor listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return {};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  Descriptor fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  const bool up = fd.valid() && bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                  listen(fd.get(), 1) == 0;
  return up ? std::move(fd) : Descriptor();
}

/// What runsc needs of a caller without privileges: a user namespace in which the caller is user 0, and nobody else is.
/// Between fork and exec.
struct Rootless {
  bool needed = geteuid() != 0;
  std::string users = "0 " + std::to_string(geteuid()) + " 1", groups = "0 " + std::to_string(getegid()) + " 1";

  bool enter() const {
    if (!needed) return true;
    return unshare(CLONE_NEWUSER) == 0 && wrote("/proc/self/setgroups", "deny") && wrote("/proc/self/uid_map", users) &&
           wrote("/proc/self/gid_map", groups);
  }

 private:
  static bool wrote(const char* file, std::string_view text) {
    const int fd = open(file, O_WRONLY | O_CLOEXEC);
    const bool done = fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (fd >= 0) close(fd);
    return done;
  }
};

/// Between fork and exec: everything is prepared, nothing is allocated.
[[noreturn]] void become_runsc(const Rootless& rootless, const std::vector<int>& tasks,
                               const std::array<int, 3>& streams, char* const* argv, bool network) {
  static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  static char* const environment[] = {path, nullptr};
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
  // The namespace first: entering it gives new credentials, which take the parent-death signal away.
  bool ready = rootless.enter() && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && setsid() > 0;
  for (const int task : tasks) ready = ready && write(task, "0", 1) == 1;
  for (int fd = 0; fd < 3; ++fd) ready = ready && dup2(streams[static_cast<std::size_t>(fd)], fd) == fd;
  if (ready && network) {
    // gVisor's own stack takes the interface; what runsc would first write below /proc/sys/net fails on newer kernels.
    ready = unshare(CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
            mount("none", "/proc/sys/net", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0;
  }
  if (ready) syscall(SYS_close_range, 3U, ~0U, 0U);
  if (ready) execve(argv[0], argv, environment);
  for (;;) _exit(125);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool begins(const std::string& text, const std::string& with) {
  return text.compare(0, with.size(), with) == 0;
}

/// "mount none /usr 9p ro,trans=fd 0 0"
bool mount_expected(const std::string& line, const BundlePlan& plan) {
  const std::size_t device = line.find(' '), target = line.find(' ', device + 1), type = line.find(' ', target + 1);
  const std::size_t options = line.find(' ', type + 1);
  if (options == std::string::npos) return false;
  const std::string where = line.substr(target + 1, type - target - 1);
  const std::string flags = "," + line.substr(options + 1, line.find(' ', options + 1) - options - 1) + ",";
  for (const char* own : {"/", "/proc", "/dev", "/dev/pts", "/dev/shm", "/sys", "/tmp"}) {
    const bool named =
        std::any_of(plan.mounts.begin(), plan.mounts.end(), [&](const auto& m) { return m.target == own; });
    if (where == own && !named) return true;
  }
  for (const BundleMount& mount : plan.mounts) {
    if (mount.target == where) return mount.writable || flags.find(",ro,") != std::string::npos;
  }
  return false;
}

/// Is `line` what bulkhead-init's attempt has to come to? A file of the root never takes a write. What is renamed and
/// linked does not exist: the filter refuses before that is known. 192.0.2.1:53 is answered by the peer's rules where
/// there is a network; without one it fails in whatever way gVisor has for that.
bool sentinel_expected(const std::string& line, const table::Table& table) {
  const std::string refused = std::to_string(EPERM);
  if (begins(line, "sentinel write ")) return line != "sentinel write 0";
  if (begins(line, "sentinel rename ")) return grants(table, table::kRename) || line == "sentinel rename " + refused;
  if (begins(line, "sentinel link ")) return grants(table, table::kLink) || line == "sentinel link " + refused;
  if (!begins(line, "sentinel connect ")) return false;
  if (!grants_network(table)) return line != "sentinel connect 0";
  table::NetObject outside;
  outside.address = {192, 0, 2, 1};
  outside.port = 53;
  const bool allowed = table::decide(table, table::kConnect, outside).allowed;
  return line == "sentinel connect " + std::to_string(allowed ? 0 : ECONNREFUSED);
}

}  // namespace

Result<Runsc, Refusal> find_runsc() {
  Runsc found;
  for (const char* place : kRunscPlaces) {
    if (found.runsc.empty() && access(place, X_OK) == 0) found.runsc = place;
  }
  if (found.runsc.empty()) return fail(Refusal{Step::FindRunsc, ENOENT, "runsc", ""});
  const std::string own = own_folder();
  for (const std::string& place :
       {own + "/bulkhead-init", own + "/../bulkhead-init", own + "/../libexec/bulkhead/bulkhead-init"}) {
    if (found.init.empty() && access(place.c_str(), X_OK) == 0) found.init = place;
  }
  if (found.init.empty())
    return fail(Refusal{Step::FindRunsc, ENOENT, "bulkhead-init", "install it beside bulkhead-exec"});
  return found;
}

Result<Container, Refusal> Container::start(const Runsc& tools, const Bundle& bundle, const Cgroup& cgroup,
                                            const PeerNetwork& network, const std::string& id) {
  Container box;
  box.runsc_ = tools.runsc;
  box.state_ = bundle.file("state");
  box.log_ = bundle.file("runsc.log");
  box.id_ = id;
  box.listening_ = listen_at(bundle.file("sink"));
  if (!box.listening_.valid()) return fail(Refusal{Step::OpenSink, errno, bundle.file("sink"), ""});
  Pipe in, out, err;
  if (!in.open() || !out.open() || !err.open()) return fail(Refusal{Step::MakeStreams, errno, "", ""});
  std::vector<std::string> words{tools.runsc,
                                 "--root=" + box.state_,
                                 "--log=" + box.log_,
                                 "--platform=ptrace",
                                 network.exists() ? "--network=sandbox" : "--network=none",
                                 "--ignore-cgroups",
                                 "--oci-seccomp",
                                 "--host-uds=none",
                                 "--pod-init-config=" + bundle.file("session.json")};
  const Rootless rootless;
  if (rootless.needed) words.emplace_back("--rootless");
  words.insert(words.end(), {"run", "--bundle=" + bundle.path(), id});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::vector<int> tasks = cgroup.tasks();
  const std::array<int, 3> streams{in.read.get(), out.write.get(), err.write.get()};
  struct clone_args arguments {};
  int pidfd = -1;
  arguments.flags = CLONE_PIDFD | (cgroup.into() >= 0 ? std::uint64_t{CLONE_INTO_CGROUP} : 0);
  arguments.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
  arguments.cgroup = cgroup.into() >= 0 ? static_cast<std::uint64_t>(cgroup.into()) : 0;
  arguments.exit_signal = SIGCHLD;
  const long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid < 0) return fail(Refusal{Step::StartRunsc, errno, tools.runsc, ""});
  if (pid == 0) become_runsc(rootless, tasks, streams, argv.data(), network.exists());
  box.pid_ = static_cast<pid_t>(pid);
  box.pidfd_.reset(pidfd);
  box.input_ = std::move(in.write);
  box.output_ = std::move(out.read);
  box.error_ = std::move(err.read);
  return box;
}

Container::Container(Container&& other) noexcept
    : runsc_(std::move(other.runsc_)),
      state_(std::move(other.state_)),
      id_(std::move(other.id_)),
      log_(std::move(other.log_)),
      pid_(std::exchange(other.pid_, -1)),
      listening_(std::move(other.listening_)),
      sink_(std::move(other.sink_)),
      output_(std::move(other.output_)),
      error_(std::move(other.error_)),
      input_(std::move(other.input_)),
      pidfd_(std::move(other.pidfd_)) {
  other.id_.clear();
}

Container::~Container() {
  if (pid_ > 0) {
    kill();
    reap();
  }
  if (id_.empty()) return;
  // runsc deletes a container that ended by itself; this is for one that did not.
  std::string root = "--root=" + state_;
  const Rootless rootless;
  const pid_t child = fork();
  if (child == 0) {
    const int null = open("/dev/null", O_RDWR);
    if (null >= 0) dup2(null, 0), dup2(null, 1), dup2(null, 2);
    char deletes[] = "delete", force[] = "--force";
    char* argv[] = {runsc_.data(), root.data(), deletes, force, id_.data(), nullptr};
    if (rootless.enter()) execv(argv[0], argv);
    _exit(127);
  }
  while (child > 0 && waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<Unit, Refusal> Container::accept_sink() {
  sink_.reset(accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  listening_.reset();
  char hello[64];
  // Its handshake comes first, on a connection of runsc's own making.
  if (!sink_.valid() || recv(sink_.get(), hello, sizeof hello, 0) <= 0 ||
      send(sink_.get(), kSinkHandshake.data(), kSinkHandshake.size(), MSG_NOSIGNAL) < 0) {
    return fail(Refusal{Step::OpenSink, errno, "", ""});
  }
  return Unit{};
}

Result<std::string, Refusal> Container::wait_until_parked() {
  const std::int64_t end = milliseconds_now() + kPatienceMilliseconds;
  std::string report;
  while (report.size() < 5 || report.compare(report.size() - 5, 5, "park\n") != 0) {
    pollfd waits[] = {{listening_.get(), POLLIN, 0}, {output_.get(), POLLIN, 0}, {pidfd_.get(), POLLIN, 0}};
    const std::int64_t left = end - milliseconds_now();
    if (left <= 0) return fail(Refusal{Step::StartRunsc, ETIMEDOUT, last_words(), ""});
    if (poll(waits, 3, static_cast<int>(left)) < 0 && errno != EINTR)
      return fail(Refusal{Step::StartRunsc, errno, "", ""});
    if ((waits[0].revents & POLLIN) != 0) {
      Result<Unit, Refusal> accepted = accept_sink();
      if (!accepted.ok()) return fail(accepted.error());
    }
    if ((waits[1].revents & POLLIN) != 0) {
      char buffer[4096];
      const ssize_t n = read(output_.get(), buffer, sizeof buffer);
      if (n > 0) report.append(buffer, static_cast<std::size_t>(n));
      if (report.size() > kMaxReport) return fail(Refusal{Step::ReadInside, EFBIG, "", ""});
    } else if (waits[2].revents != 0) {
      return fail(Refusal{Step::StartRunsc, ECHILD, last_words(), ""});
    }
  }
  if (!sink_.valid()) return fail(Refusal{Step::OpenSink, ENOTCONN, "", ""});
  return report;
}

Result<Unit, Refusal> Container::order(const std::string& orders) {
  if (write(input_.get(), orders.data(), orders.size()) == static_cast<ssize_t>(orders.size())) return Unit{};
  return fail(Refusal{Step::StartRunsc, errno, last_words(), ""});
}

Result<Unit, Refusal> Container::go(char word) {
  if (write(input_.get(), &word, 1) != 1) return fail(Refusal{Step::Execute, errno, "bulkhead-init", ""});
  return Unit{};
}

void Container::signal(int number) {
  if (pid_ > 0) kernel::pidfd_send_signal(pidfd_.get(), number);
}

void Container::kill() {
  signal(SIGKILL);
}

int Container::reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Container::last_words() const {
  const Result<std::string> text = read_file(log_, 1 << 20);
  const std::vector<std::string> lines = text ? lines_of(*text) : std::vector<std::string>{};
  return lines.empty() ? "runsc" : "runsc: " + audit::escape_untrusted(lines.back(), 400);
}

Result<Unit, Refusal> verify_report(const std::string& report, const BundlePlan& plan, const table::Table& table,
                                    const std::vector<std::string>& trials) {
  const std::string identity = "id " + std::to_string(plan.user) + " " + std::to_string(plan.group);
  const bool network = grants_network(table);
  unsigned descriptors = 0, sentinels = 0, capabilities = 0;
  bool right_identity = false;
  std::size_t tried = 0;
  for (const std::string& line : lines_of(report)) {
    const auto differs = [&] { return fail(Refusal{Step::ReadInside, EPERM, audit::escape_untrusted(line, 200), ""}); };
    if (begins(line, "mount ")) {
      if (!mount_expected(line, plan)) return differs();
    } else if (begins(line, "fd ")) {
      ++descriptors;
      if (line != "fd 0" && line != "fd 1" && line != "fd 2") return differs();
    } else if (begins(line, "status Cap")) {
      ++capabilities;
      if (line.find_first_not_of("0 \t", line.find(':') + 1) != std::string::npos) return differs();
    } else if (begins(line, "net ")) {
      const bool header = line.find('|') != std::string::npos;
      const std::size_t name = line.find_first_not_of(' ', 4);
      const bool own = name != std::string::npos &&
                       (line.compare(name, 3, "lo:") == 0 || (network && line.compare(name, 5, "eth0:") == 0));
      if (!header && !own) return differs();
    } else if (begins(line, "sentinel ")) {
      ++sentinels;
      if (!sentinel_expected(line, table)) return differs();
    } else if (begins(line, "filter ")) {
      if (tried >= trials.size() || line != trials[tried++]) return differs();
    } else if (begins(line, "id ")) {
      right_identity = line == identity;
      if (!right_identity) return differs();
    } else if (line != "park") {
      return differs();
    }
  }
  const bool whole = descriptors == 3 && sentinels == kSentinels && capabilities >= 4 && tried == trials.size();
  if (whole && right_identity) return Unit{};
  return fail(Refusal{Step::ReadInside, EPERM, "a part of the report is missing", ""});
}

}  // namespace bulkhead::sandbox
