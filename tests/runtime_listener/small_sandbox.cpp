#include "small_sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "lang/base/file.h"
#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/kernel.h"
#include "runtime-bridge/sandbox/mediate_calls.h"

namespace bulkhead::sandbox {
namespace {

namespace fs = std::filesystem;

/// A folder that becomes the child's root.
class RootFolder {
 public:
  RootFolder() {
    std::string pattern = (fs::temp_directory_path() / "bulkhead-listener-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    fs::permissions(path_, fs::perms(0755));
    for (const char* folder : {"data", "data/sub", "out", "proc", "old", "dev"})
      fs::create_directory(path_ + "/" + folder);
    fs::permissions(path_ + "/out", fs::perms(01777));
    for (const std::string name : {"data/allowed", "data/other", "data/sub/allowed"}) {
      std::ofstream(path_ + "/" + name) << name;
    }
    std::ofstream(path_ + "/data/private") << "data/private";
    fs::permissions(path_ + "/data/private", fs::perms(0600));
    fs::create_symlink("/data/other", path_ + "/data/link_to_other");
    fs::create_symlink("allowed", path_ + "/data/link_to_allowed");
    fs::create_symlink("/../../../data/other", path_ + "/data/climbing_link");
    EXPECT_EQ(mkfifo((path_ + "/data/fifo").c_str(), 0666), 0);
  }
  ~RootFolder() { fs::remove_all(path_); }
  RootFolder(const RootFolder&) = delete;
  RootFolder& operator=(const RootFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void must(bool done, const char* what) {
  if (done) return;
  perror(what);
  _exit(99);
}

void enter(const std::string& root) {
  must(unshare(CLONE_NEWNS | CLONE_NEWNET) == 0, "unshare");
  must(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "private");
  must(mount(root.c_str(), root.c_str(), nullptr, MS_BIND, nullptr) == 0, "bind");
  must(chdir(root.c_str()) == 0, "chdir");
  must(mount("proc", "proc", "proc", 0, nullptr) == 0, "proc");
  must(mknod("dev/null", S_IFCHR | 0666, makedev(1, 3)) == 0 && chmod("dev/null", 0666) == 0, "mknod");
  must(syscall(SYS_pivot_root, ".", "old") == 0, "pivot_root");
  must(chdir("/") == 0 && umount2("/old", MNT_DETACH) == 0, "detach");
}

int notify_calls(const std::vector<long>& refused) {
  std::vector<sock_filter> filter{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0)};
  const auto add = [&](long number) {
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number), 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF));
  };
  for (const Call& call : mediated_calls()) add(call.number);
  for (const long number : refused) add(number);
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
  return static_cast<int>(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

[[noreturn]] void be_child(const Arm& arm, const std::string& root, int words,
                           const std::function<void(const Say&)>& program) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  enter(root);
  if (arm.before) arm.before();
  const int listener = notify_calls(arm.refused);
  must(listener >= 0, "filter");
  must(write(words, &listener, sizeof listener) == sizeof listener, "tell");
  program([words](const std::string& word) {
    if (write(words, word.data(), word.size()) < 0) _exit(98);
  });
  _exit(0);
}

void read_log(const std::string& path, Observed& seen) {
  seen.log_text = read_file(path, 1 << 26).value();
  std::size_t at = 0;
  for (std::size_t end = 0; (end = seen.log_text.find('\n', at)) != std::string::npos; at = end + 1) {
    const auto fields = audit::read_json_line(std::string_view(seen.log_text).substr(at, end - at));
    ASSERT_TRUE(fields);
    const std::string what = std::string(fields->text("operation")) + " " + std::string(fields->text("object"));
    if (fields->text("event") == "CapabilityDenied") seen.denials.push_back(what);
    if (fields->text("event") == "AccessAllowed") seen.allowed.push_back(what);
  }
}

/// The supervisor's loop, as short as it can be.
void supervise(Listener& listener, int words, std::string& said) {
  for (bool open = true; open || !listener.closed();) {
    pollfd ready[] = {{listener.fd(), POLLIN, 0}, {open ? words : -1, POLLIN, 0}};
    ASSERT_GT(poll(ready, 2, 20'000), 0) << "the child hangs; it said: " << said;
    if (ready[0].revents != 0) {
      const Status done = listener.on_readable();
      ASSERT_TRUE(done.ok()) << done.error().message();
    }
    if (ready[1].revents == 0) continue;
    char buffer[4096];
    const ssize_t n = read(words, buffer, sizeof buffer);
    if (n > 0) said.append(buffer, static_cast<std::size_t>(n));
    open = n > 0;
  }
}

}  // namespace

Observed run_small(const Arm& arm, const std::function<void(const Say&)>& program) {
  Observed seen;
  const RootFolder root;
  const std::string log_path = root.path() + ".log";
  int words[2];
  EXPECT_EQ(pipe2(words, O_CLOEXEC), 0);
  audit::Log::Options options;
  options.run_id = "small";
  if (arm.log_allowed) options.detail = audit::Detail::Everything;
  auto log = audit::Log::open(log_path, options);
  const pid_t child = fork();
  if (child == 0) be_child(arm, root.path(), words[1], program);
  close(words[1]);
  const Descriptor reader(words[0]), pidfd(kernel::pidfd_open(child));
  int number = -1;
  EXPECT_EQ(read(words[0], &number, sizeof number), static_cast<ssize_t>(sizeof number));
  Listener::Setup setup;
  setup.notify_fd = kernel::pidfd_getfd(pidfd.get(), number);
  setup.table = &arm.table;
  setup.log = &*log;
  setup.init = setup.program = child;
  setup.outer_user = setup.outer_group = arm.user;
  setup.enforce = arm.enforce;
  auto listener = Listener::make(setup);
  EXPECT_TRUE(listener.ok());
  if (listener) supervise(*listener, words[0], seen.said);
  if (::testing::Test::HasFatalFailure()) kill(child, SIGKILL);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  seen.count = log->denials();
  read_log(log_path, seen);
  fs::remove(log_path);
  return seen;
}

table::Table small_table(table::Level level) {
  table::Table table;
  table.level = level;
  table.sentences = {{"small.bh", 1, "container small"}, {"small.bh", 2, "may ..."}};
  table.sentence = 0;
  table.volumes = {{"own root", "", 0}, {"host", "/", 0}};
  table.rootfs_readonly = false;
  for (const Call& call : mediated_calls()) {
    const std::string name = call.number == SYS_openat    ? "openat"
                             : call.number == SYS_connect ? "connect"
                             : call.number == SYS_execve  ? "execve"
                                                          : "call" + std::to_string(call.number);
    table.syscalls.push_back({static_cast<std::uint32_t>(call.number), name, true, EPERM, table::kNone, table::kNone});
  }
  return table;
}

void permit(table::Table& table, std::uint16_t rights, const std::string& glob) {
  table::Row row;
  row.rights = rights;
  row.literals = {{false, false, {{0, glob, ""}}, {}, {}}};
  row.sentence = 1;
  table.rows.push_back(row);
}

void permit_port(table::Table& table, std::uint16_t rights, std::uint16_t port) {
  table::NetPattern loopback;
  loopback.first = loopback.last = {127, 0, 0, 1};
  loopback.first_port = loopback.last_port = port;
  loopback.protos = 1;
  table::Row row;
  row.plane = table::Plane::Net;
  row.rights = rights;
  row.literals = {{false, false, {}, {loopback}, {}}};
  row.sentence = 1;
  table.rows.push_back(row);
}

std::string slurp(const char* path) {
  const int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return "E" + std::to_string(errno);
  char buffer[256];
  const ssize_t n = read(fd, buffer, sizeof buffer);
  close(fd);
  return n < 0 ? "R" + std::to_string(errno) : std::string(buffer, static_cast<std::size_t>(n));
}

}  // namespace bulkhead::sandbox
