// Level maximum, run for real: a hostile script in gVisor, with the same table and the same outcomes as the other
// levels.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "lang/base/file.h"
#include "runtime-bridge/audit/verify.h"
#include "tests/runtime/sandbox_fixture.h"

namespace bulkhead::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr const char* kPython = "/usr/bin/python3";

std::string reading(const std::string& path) {
  return "try: print(open('" + path + "').read().strip())\nexcept OSError as e: print('no', e.errno)\n";
}

class Maximum : public SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (geteuid() != 0) GTEST_SKIP() << "level maximum takes root";
    if (access("/usr/bin/runsc", X_OK) != 0) GTEST_SKIP() << "runsc is not installed (apt-get install runsc)";
    ASSERT_TRUE(write_file(folder_ + "/allowed.txt", "allowed").ok());
    ASSERT_TRUE(write_file(folder_ + "/other.txt", "other").ok());
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));
  }
  void TearDown() override {
    for (const std::string& id : run_ids_) {
      EXPECT_FALSE(std::filesystem::exists("/run/bulkhead/maximum-" + id));
      EXPECT_EQ(capture("pgrep -f '[r]unsc.*" + id + "'"), "");
    }
    SandboxTest::TearDown();
  }
  TableBuilder table() const { return TableBuilder({kPython}, table::Level::Maximum); }
  /// FILE_READ on /data/allowed.txt alone, the folder mounted.
  table::Table one_file() const {
    table::Table out = table().build();
    const auto number = static_cast<std::uint32_t>(out.volumes.size());
    out.volumes.push_back({"data", folder_, 0});
    out.mounts.push_back({number, "/data", true, 0});
    table::Row row;
    row.rights = table::kRead;
    row.literals = {{false, false, {{number, "/allowed.txt", ""}}, {}, {}}};
    row.sentence = 0;
    out.rows.push_back(row);
    out.landlock.rules.push_back({"/data/allowed.txt", 4, 0});
    return out;
  }
};

TEST_F(Maximum, AHostileScriptReadsNothingAndReachesNothing) {
  const std::string hostile = reading("/etc/passwd") +
                              "import socket\n"
                              "s=socket.socket()\n"
                              "try: s.connect(('127.0.0.1',4711)); print('connected')\n"
                              "except OSError as e: print('no', e.errno)\n";
  EXPECT_THAT(unsandboxed_python(reading("/etc/passwd")), HasSubstr("root:"));
  const Ran ran = python(table().build(), hostile);
  EXPECT_TRUE(ran.outcome.started) << ran.err;
  EXPECT_EQ(ran.out, "no 2\nno 111\n") << ran.err;
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.outcome.denials, 2u) << ran.log;
  EXPECT_EQ(ran.outcome.first_denial, "openat /etc/passwd");
  EXPECT_THAT(ran.log, HasSubstr("127.0.0.1:4711"));
  EXPECT_THAT(ran.log, HasSubstr("\"line\":1"));
  EXPECT_EQ(ran.outcome.readback, sandbox::Readback::Probed);
}

TEST_F(Maximum, AGrantedFileIsReadAndItsNeighbourIsNot) {
  const Ran ran = python(one_file(), reading("/data/allowed.txt") + reading("/data/other.txt"));
  EXPECT_EQ(ran.out, "allowed\nno 2\n") << ran.err;
  EXPECT_EQ(ran.outcome.denials, 1u) << ran.log;
  EXPECT_EQ(ran.outcome.first_denial, "openat /data/other.txt");
  table::Table whole = one_file();
  whole.rows.back().literals[0].files[0].glob = "/**";
  whole.landlock.rules.back() = {"/data", 4 | 8, 0};
  const Ran granted = python(whole, reading("/data/allowed.txt") + reading("/data/other.txt"));
  EXPECT_EQ(granted.out, "allowed\nother\n") << granted.err;
  EXPECT_EQ(granted.outcome.denials, 0u) << granted.log;
}

TEST_F(Maximum, AReadOnlyMountTakesNoWrites) {
  const std::string code = "try: open('/data/new','w').write('x'); print('wrote')\nexcept OSError as e: print('no')\n";
  const Ran denied = python(table().volume(folder_, "/data", table::kRead).build(), code);
  EXPECT_EQ(denied.out, "no\n") << denied.err;
  EXPECT_EQ(denied.outcome.denials, 1u) << denied.log;
  std::filesystem::permissions(folder_, std::filesystem::perms(0777));
  const Ran granted = python(table().volume(folder_, "/data", table::kRead | table::kWrite, false).build(), code);
  EXPECT_EQ(granted.out, "wrote\n") << granted.err;
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/new"));
}

class MaximumMemory : public Maximum {};

TEST_F(MaximumMemory, FortyFitSixtyDoNot) {
  const table::Table limited = table().memory(50 * kMiB).build();
  const Ran forty = python(limited, "x=bytearray(b'a'*1048576)*40\nprint('reached')");
  EXPECT_EQ(forty.out, "reached\n") << forty.err;
  EXPECT_EQ(forty.status, 0);
  const Ran sixty = python(limited, "x=bytearray(b'a'*1048576)*60\nprint('reached')");
  EXPECT_EQ(sixty.out, "");
  EXPECT_EQ(sixty.status, 122) << sixty.err;
  EXPECT_THAT(sixty.log, HasSubstr("ResourceExceeded"));
}

TEST_F(MaximumMemory, ALimitBelowTheReserveIsRefused) {
  const Ran ran = python(table().memory(10 * kMiB).build(), "print('ran')");
  EXPECT_EQ(ran.status, 125);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("20 MiB"));
}

TEST_F(Maximum, ExitStatusesPassThrough) {
  EXPECT_EQ(python(table().build(), "import sys; sys.exit(7)").status, 7);
  EXPECT_EQ(run(table().build(), {"/usr/bin/absent"}).status, 127);
  sandbox::RunOptions strict;
  strict.on_denial = sandbox::OnDenial::Fail;
  EXPECT_EQ(python(table().build(), reading("/etc/passwd"), strict).status, 120);
  const Ran late = python(table().time(1500).build(), "import time\nwhile True: time.sleep(1)");
  EXPECT_EQ(late.status, 124) << late.err;
}

TEST_F(Maximum, WhatItCannotDoIsRefusedWithARemedy) {
  const Ran network = python(table().connect("127.0.0.1", 4711).build(), "print('ran')");
  EXPECT_EQ(network.status, 125);
  EXPECT_EQ(network.out, "");
  EXPECT_THAT(network.err, HasSubstr("level standard or enhanced"));
  sandbox::RunOptions exact;
  exact.readback = sandbox::ReadbackNeed::Exact;
  EXPECT_EQ(python(table().build(), "print('ran')", exact).status, 125);
  EXPECT_EQ(python(table().volume(folder_, "/out", table::kWrite, false).build(), "print('ran')").status, 125);
}

TEST_F(Maximum, AFailureAtAnyStepRefusesTheRunAndLeavesNothing) {
  for (const sandbox::Step step :
       {sandbox::Step::MakeBundle, sandbox::Step::CreateCgroup, sandbox::Step::StartRunsc, sandbox::Step::ReadInside}) {
    sandbox::RunOptions faulty;
    faulty.fault = step;
    const Ran ran = python(table().build(), "print('ran')", faulty);
    EXPECT_EQ(ran.status, 125) << sandbox::step_name(step);
    EXPECT_EQ(ran.out, "") << sandbox::step_name(step);
    EXPECT_FALSE(ran.outcome.started);
  }
}

TEST_F(Maximum, ALostSinkEndsTheContainer) {
  sandbox::RunOptions faulty;
  faulty.fault = sandbox::Step::LoseSink;
  const Ran ran = python(table().build(), "import time\ntime.sleep(30)\nprint('outlived')", faulty);
  EXPECT_EQ(ran.status, 125);
  EXPECT_EQ(ran.out, "");
}

TEST_F(Maximum, WithoutRunscTheRemedyIsNamed) {
  const pid_t child = fork();
  if (child == 0) {
    const bool hidden = unshare(CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                        mount("/dev/null", "/usr/bin/runsc", nullptr, MS_BIND, nullptr) == 0;
    const Ran ran = python(table().build(), "print('ran')");
    const bool named = ran.err.find("apt-get install runsc") != std::string::npos;
    _exit(hidden && ran.status == 125 && named ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(Maximum, TheLogIsAWholeChain) {
  const Ran ran = python(table().build(), "print('x')");
  ASSERT_TRUE(write_file(folder_ + "/copy", ran.log).ok());
  const auto verification = audit::verify(folder_ + "/copy");
  ASSERT_TRUE(std::holds_alternative<audit::ChainOk>(*verification));
  EXPECT_TRUE(std::get<audit::ChainOk>(*verification).complete);
  EXPECT_THAT(ran.log, HasSubstr("\"level\":\"maximum\""));
}

TEST_F(Maximum, InputIsForwardedWhenAskedFor) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "hello\n", 6), 6);
  close(ends[1]);
  sandbox::RunOptions options;
  options.input = sandbox::Input::Forwarded;
  options.in_fd = ends[0];
  EXPECT_EQ(python(table().build(), "print('got', input())", options).out, "got hello\n");
  close(ends[0]);
  EXPECT_EQ(python(table().build(), "import sys; print(repr(sys.stdin.read()))").out, "''\n");
}

TEST_F(Maximum, NothingRemainsOfAKilledSupervisor) {
  audit::Log::Options options;
  options.run_id = audit::make_run_id().value();
  const std::string marker = folder_ + "/started";
  std::filesystem::permissions(folder_, std::filesystem::perms(0777));
  const table::Table table = this->table().volume(folder_, "/out", table::kRead | table::kWrite, false).build();
  const pid_t supervisor = fork();
  if (supervisor == 0) {
    audit::Log log = audit::Log::open(folder_ + "/killed.jsonl", options).value();
    sandbox::RunOptions run_options;
    run_options.command = {kPython, "-I", "-S", "-c", "open('/out/started','w')\nimport time\ntime.sleep(60)"};
    sandbox::run(table, run_options, log);
    _exit(0);
  }
  for (int i = 0; i < 100 && !std::filesystem::exists(marker); ++i) usleep(100'000);
  ASSERT_TRUE(std::filesystem::exists(marker));
  kill(supervisor, SIGKILL);
  waitpid(supervisor, nullptr, 0);
  // The next run sweeps what the dead one could not.
  EXPECT_EQ(python(this->table().build(), "print('next')").out, "next\n");
  usleep(300'000);
  EXPECT_EQ(remains_of(options.run_id), "");
  EXPECT_EQ(capture("pgrep -f '[r]unsc.*" + options.run_id + "'"), "");
  EXPECT_FALSE(std::filesystem::exists("/run/bulkhead/maximum-" + options.run_id));
}

}  // namespace
}  // namespace bulkhead::test
