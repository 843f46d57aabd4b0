// Level maximum: what fails on the way, what is lost, and what remains of a run that was killed.
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
#include "tests/runtime_maximum/maximum_fixture.h"

namespace bulkhead::test {
namespace {

using ::testing::HasSubstr;

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
