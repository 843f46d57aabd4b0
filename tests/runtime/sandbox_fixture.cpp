#include "tests/runtime/sandbox_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "lang/base/file.h"
#include "runtime-bridge/sandbox/identity.h"

namespace bulkhead::test {

namespace {

/// A pipe whose contents are read after the run; outputs of tests fit into its buffer or into a file.
struct Captured {
  std::string path;
  int fd = -1;
  std::string take() {
    ::close(fd);
    std::string text = read_file(path, 64 << 20).value();
    std::filesystem::remove(path);
    return text;
  }
};

Captured capture_into(const std::string& path) {
  return {path, ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
}

}  // namespace

bool ran_as_user() {
  static constexpr const char* kUser = "54321";
  if (::geteuid() != 0) return false;
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::string filter = std::string("--gtest_filter=") + info->test_suite_name() + "." + info->name();
  char self[4096];
  const ssize_t size = ::readlink("/proc/self/exe", self, sizeof self - 1);
  self[size > 0 ? size : 0] = '\0';
  const pid_t child = ::fork();
  if (child == 0) {
    ::execlp("setpriv", "setpriv", "--reuid", kUser, "--regid", kUser, "--clear-groups", self, filter.c_str(), nullptr);
    ::_exit(99);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
  return true;
}

std::string capture(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  char buffer[4096];
  for (std::size_t count = 0; (count = ::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, count);
  ::pclose(pipe);
  return text;
}

std::string remains_of(const std::string& run_id) {
  std::string left = capture("find /sys/fs/cgroup -maxdepth 6 -type d -name '*" + run_id + "*' 2>/dev/null");
  return left;
}

void SandboxTest::SetUp() {
  char name[] = "/tmp/bulkhead-test-XXXXXX";
  ASSERT_NE(::mkdtemp(name), nullptr);
  folder_ = name;
}

void SandboxTest::TearDown() {
  for (const std::string& run_id : run_ids_) EXPECT_EQ(remains_of(run_id), "");
  for (const std::uint32_t id : outer_ids_) EXPECT_FALSE(sandbox::outer_id_taken(id)) << id;
  std::filesystem::remove_all(folder_);
}

Ran SandboxTest::run(const table::Table& table, const std::vector<std::string>& command, sandbox::RunOptions options) {
  const std::string log_path = folder_ + "/audit.jsonl";
  std::filesystem::remove(log_path);
  audit::Log::Options log_options;
  log_options.run_id = audit::make_run_id().value();
  run_ids_.push_back(log_options.run_id);
  Captured out = capture_into(folder_ + "/out"), err = capture_into(folder_ + "/err");
  options.command = command;
  options.out_fd = out.fd;
  options.err_fd = err.fd;
  Ran ran;
  {
    audit::Log log = audit::Log::open(log_path, log_options).value();
    ran.outcome = sandbox::run(table, options, log);
  }
  ran.status = ran.outcome.status(options.on_denial);
  ran.out = out.take();
  ran.err = err.take();
  ran.log = read_file(log_path, 64 << 20).value();
  const std::size_t id = ran.log.find("\"outer_user\":");
  if (id != std::string::npos && ::geteuid() == 0) {
    outer_ids_.push_back(static_cast<std::uint32_t>(std::stoul(ran.log.substr(id + 13))));
  }
  if (ran.outcome.refusal) ran.err += ran.outcome.refusal->message();
  return ran;
}

Ran SandboxTest::python(const table::Table& table, const std::string& code, sandbox::RunOptions options) {
  return run(table, {"/usr/bin/python3", "-I", "-S", "-B", "-c", code}, std::move(options));
}

std::string SandboxTest::unsandboxed_python(const std::string& code) {
  char path[] = "/tmp/bulkhead-code-XXXXXX";
  const int fd = ::mkstemp(path);
  EXPECT_EQ(::write(fd, code.data(), code.size()), static_cast<ssize_t>(code.size()));
  ::close(fd);
  std::string text = capture("/usr/bin/python3 -I -S -B " + std::string(path) + " 2>&1");
  ::unlink(path);
  return text;
}

}  // namespace bulkhead::test
