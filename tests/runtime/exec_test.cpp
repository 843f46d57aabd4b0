// bulkhead-exec as a binary: what it links, how it takes its table, what it says, and what its death leaves.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "lang/base/file.h"
#include "runtime-bridge/sandbox/carried_out.h"
#include "runtime-bridge/table/encode.h"
#include "tests/runtime/sandbox_fixture.h"

namespace bulkhead::test {
namespace {

using namespace std::chrono_literals;

constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

class Exec : public SandboxTest {
 protected:
  /// Starts the binary with `table` on descriptor 3, its status object on 4 (a file); returns its pid.
  pid_t start(const table::Table& table, std::vector<std::string> options, const std::vector<std::string>& command,
              int seals = kSeals) {
    const std::string bytes = table::encode(table);
    const int memory = ::memfd_create("table", MFD_ALLOW_SEALING);
    EXPECT_EQ(::write(memory, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    EXPECT_EQ(::fcntl(memory, F_ADD_SEALS, seals), 0);
    const int status = ::open((folder_ + "/status").c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    const int output = ::open((folder_ + "/output").c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    std::vector<std::string> words{BULKHEAD_BINARY_DIR "/bulkhead-exec",
                                   "--table-fd",
                                   "3",
                                   "--status-fd",
                                   "4",
                                   "--audit-log",
                                   folder_ + "/audit.jsonl"};
    words.insert(words.end(), options.begin(), options.end());
    words.emplace_back("--");
    words.insert(words.end(), command.begin(), command.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
      const int from[] = {::fcntl(memory, F_DUPFD, 50), ::fcntl(status, F_DUPFD, 50)};
      ::dup2(output, 1);
      ::dup2(output, 2);
      ::dup2(from[0], 3);
      ::dup2(from[1], 4);
      ::execv(argv[0], argv.data());
      ::_exit(99);
    }
    ::close(memory);
    ::close(status);
    ::close(output);
    return child;
  }

  static int end(pid_t child) {
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }
  std::string file(const std::string& name) const { return read_file(folder_ + "/" + name, 1 << 20).value(); }
};

TEST_F(Exec, LinksNeitherParserNorSolver) {
  const std::string needed = capture("ldd " BULKHEAD_BINARY_DIR "/bulkhead-exec 2>&1; nm -C " BULKHEAD_BINARY_DIR
                                     "/bulkhead-exec 2>/dev/null");
  for (const char* foreign : {"libz3", "Z3_mk", "antlr", "cvc5", "fyaml"})
    EXPECT_EQ(needed.find(foreign), std::string::npos) << foreign;
}

TEST_F(Exec, RunsASealedTableAndReportsItsStatus) {
  EXPECT_EQ(end(start(TableBuilder({"/bin/true"}).build(), {}, {"/bin/true"})), 0) << file("output");
  EXPECT_NE(file("status").find("\"schema\":\"bulkhead.run/v1\",\"started\":true,\"cause\":\"exit\",\"code\":0"),
            std::string::npos)
      << file("status");
  EXPECT_NE(file("audit.jsonl").find("SandboxExit"), std::string::npos);
}

TEST_F(Exec, RefusesATableThatCouldStillChange) {
  EXPECT_EQ(end(start(TableBuilder({"/bin/true"}).build(), {}, {"/bin/true"}, F_SEAL_GROW)), 125);
  EXPECT_NE(file("output").find("seal"), std::string::npos) << file("output");
  EXPECT_NE(file("status").find("\"started\":false,\"cause\":\"refused\""), std::string::npos) << file("status");
}

TEST_F(Exec, RefusesWhatItCannotRead) {
  EXPECT_EQ(end(start(TableBuilder({"/bin/true"}).build(), {"--unknown"}, {"/bin/true"})), 125);
  EXPECT_EQ(end(start(TableBuilder({"/bin/true"}).build(), {"--table-fd", "x"}, {"/bin/true"})), 125);
  for (const char* standard : {"0", "1", "2"})
    EXPECT_EQ(end(start(TableBuilder({"/bin/true"}).build(), {"--audit-fd", standard}, {"/bin/true"})), 125);
  EXPECT_EQ(end(start(TableBuilder({"/bin/true"}).build(), {}, {})), 125);
}

TEST_F(Exec, RefusesWhatNoRunCarriesOut) {
  TableBuilder builder({"/bin/true"});
  table::Table table = builder.connect("127.0.0.1", 53).build();
  EXPECT_EQ(end(start(table, {}, {"/bin/true"})), 0) << file("output");
  table.rows.back().literals.front().nets.front().protos = 2;
  EXPECT_EQ(end(start(table, {}, {"/bin/true"})), 125);
  EXPECT_NE(file("output").find("another protocol than TCP"), std::string::npos) << file("output");
  table.rows.back().literals.front().nets.front().protos = 7;
  EXPECT_EQ(end(start(table, {}, {"/bin/true"})), 0) << file("output");
  EXPECT_EQ(end(start(builder.open_files(sandbox::least_open_files(table.level)).build(), {}, {"/bin/true"})), 0)
      << file("output");
  EXPECT_EQ(end(start(builder.open_files(sandbox::least_open_files(table.level) - 1).build(), {}, {"/bin/true"})), 125);
  EXPECT_NE(file("output").find("a limit of 6 open files"), std::string::npos) << file("output");
  EXPECT_NE(file("output").find("is 7"), std::string::npos) << file("output");
}

TEST_F(Exec, DenialsFailOrKillAsAsked) {
  const table::Table table = TableBuilder({"/usr/bin/python3"}).build();
  const std::vector<std::string> command{
      "/usr/bin/python3",
      "-I",
      "-S",
      "-B",
      "-c",
      "import time\ntry: open('/etc/passwd')\nexcept OSError: pass\ntime.sleep(0.5)"};
  EXPECT_EQ(end(start(table, {"--on-denial=continue"}, command)), 0) << file("output");
  EXPECT_EQ(end(start(table, {"--on-denial=fail"}, command)), 120) << file("output");
  EXPECT_EQ(end(start(table, {"--on-denial=kill"}, command)), 121) << file("output");
  EXPECT_NE(file("status").find("\"cause\":\"denied\""), std::string::npos) << file("status");
}

TEST_F(Exec, ASignalToTheSupervisorReachesTheProgram) {
  const std::string code =
      "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *a: sys.exit(33))\nprint('ready', "
      "flush=True)\ntime.sleep(60)";
  const pid_t child =
      start(TableBuilder({"/usr/bin/python3"}).build(), {}, {"/usr/bin/python3", "-I", "-S", "-B", "-c", code});
  for (int i = 0; i < 500 && file("output").empty(); ++i) std::this_thread::sleep_for(10ms);
  ::kill(child, SIGTERM);
  EXPECT_EQ(end(child), 33) << file("output");
}

TEST_F(Exec, ATerminalOfItsOwnIsGivenNeverTheCallers) {
  const std::string code =
      "import os; print(os.isatty(0), os.isatty(1), os.ttyname(0) if os.path.exists('/dev/pts') else 'hidden')";
  const pid_t child =
      start(TableBuilder({"/usr/bin/python3"}).build(), {"--tty"}, {"/usr/bin/python3", "-I", "-S", "-B", "-c", code});
  EXPECT_EQ(end(child), 0) << file("output");
  EXPECT_EQ(file("output"), "True True hidden\r\n");
}

TEST_F(Exec, NothingSurvivesTheSupervisorsDeath) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root: looks for its cgroups and locks";
  TableBuilder builder({"/usr/bin/python3"});
  builder.memory(256 << 20).pids(16);
  const std::string canary = "bulkhead_survivor_" + std::to_string(::getpid());
  const std::string code = "import os, time\nprint('ready', flush=True)\nos.fork()\ntime.sleep(60) #" + canary;
  const pid_t child = start(builder.build(), {}, {"/usr/bin/python3", "-I", "-S", "-B", "-c", code});
  for (int i = 0; i < 500 && file("output").empty(); ++i) std::this_thread::sleep_for(10ms);
  ASSERT_EQ(file("output"), "ready\n");
  ASSERT_NE(capture("pgrep -f 'time.sleep.60. #" + canary + "'"), "");
  ::kill(child, SIGKILL);
  EXPECT_EQ(end(child), 1000 + SIGKILL);
  std::string left = "?";
  for (int i = 0; i < 200 && !left.empty(); ++i) {
    left = capture("pgrep -f '^/usr/bin/python3 .*" + canary + "'");
    if (!left.empty()) std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(left, "");
  // The next run sweeps what a killed supervisor could not take down.
  EXPECT_EQ(end(start(TableBuilder({"/bin/true"}).build(), {}, {"/bin/true"})), 0);
  EXPECT_EQ(
      capture("find /sys/fs/cgroup -maxdepth 6 -type d -name 'bulkhead-" + std::to_string(child) + "-*' 2>/dev/null"),
      "");
}

}  // namespace
}  // namespace bulkhead::test
