// The one way in which the checker starts another program: what it says, when it ends, and what it cannot do.
#include "checker/process/process.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <thread>

namespace bulkhead::process {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// What no test waits for: a child that sleeps as long as this and is not killed makes the test fail.
constexpr seconds kNever{60};

Result<ProcessOutput> shell(const std::string& script, const std::string& input = "", ProcessLimits limits = {}) {
  return run_process({"/bin/sh", "-c", script}, input, limits);
}

std::atomic<int> handlers_run{0};

ProcessLimits within(milliseconds time) {
  ProcessLimits limits;
  limits.time = time;
  return limits;
}

TEST(Process, GivesBackWhatTheChildWritesOnEitherOutputAndItsStatus) {
  const auto output = shell("cat; echo told >&2; exit 3", "input ");
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->text, "input told\n");
  EXPECT_EQ(output->exit_status, 3);
  EXPECT_FALSE(output->timed_out);
}

TEST(Process, IsKilledSoonAfterItIsToldToStop) {
  std::stop_source source;
  ProcessLimits limits = within(kNever);
  limits.stop = source.get_token();
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(50));
    source.request_stop();
  });
  const auto begin = Clock::now();
  const auto output = shell("sleep 60", "", limits);
  other.join();
  ASSERT_TRUE(output.ok());
  EXPECT_TRUE(output->timed_out);
  EXPECT_LT(Clock::now() - begin, seconds(30));
}

TEST(Process, PassesAnInputThatNoPipeHolds) {
  const std::string input(3u << 20u, 'x');
  const auto output = shell("cat", input);
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->text, input);
}

TEST(Process, AChildThatReadsNothingOfItsInputIsHeardAllTheSame) {
  const auto output = shell("exec <&-; echo unread", std::string(3u << 20u, 'x'));
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->text, "unread\n");
  EXPECT_EQ(output->exit_status, 0);
}

TEST(Process, AChildThatSaysNothingIsKilledWhenItsTimeIsUp) {
  const auto begin = Clock::now();
  const auto output = shell("echo first; exec sleep 60", "", within(milliseconds(200)));
  ASSERT_TRUE(output.ok());
  EXPECT_TRUE(output->timed_out);
  EXPECT_EQ(output->text, "first\n");
  EXPECT_EQ(output->exit_status, -1);
  EXPECT_LT(Clock::now() - begin, kNever);
}

TEST(Process, AChildThatClosesItsOutputAndLivesOnIsKilledWhenItsTimeIsUp) {
  const auto begin = Clock::now();
  const auto output = shell("echo last; exec sleep 60 >&- 2>&-", "", within(milliseconds(200)));
  ASSERT_TRUE(output.ok());
  EXPECT_TRUE(output->timed_out);
  EXPECT_EQ(output->text, "last\n");
  EXPECT_EQ(output->exit_status, -1);
  EXPECT_LT(Clock::now() - begin, kNever);
}

TEST(Process, AChildThatEndsALittleAfterItsOutputKeepsItsStatus) {
  const auto output = shell("exec >&- 2>&-; sleep 0.1; exit 5");
  ASSERT_TRUE(output.ok());
  EXPECT_FALSE(output->timed_out);
  EXPECT_EQ(output->exit_status, 5);
}

TEST(Process, TheDeadlineOfTheRunEndsAChildThatHasTimeLeft) {
  ProcessLimits limits = within(kNever);
  limits.deadline = Clock::now();
  const auto output = shell("exec sleep 60", "", limits);
  ASSERT_TRUE(output.ok());
  EXPECT_TRUE(output->timed_out);
}

TEST(Process, AChildThatWritesWithoutEndIsKilled) {
  ProcessLimits limits = within(kNever);
  limits.output_bytes = 1u << 20u;
  const auto output = shell("exec yes", "", limits);
  ASSERT_TRUE(output.ok());
  EXPECT_TRUE(output->timed_out);
  EXPECT_LT(output->text.size(), 2u << 20u);
}

TEST(Process, MemoryBeyondTheLimitIsRefusedToTheChild) {
  ProcessLimits limits;
  limits.memory_mib = 64;
  const auto output = shell("ulimit -v; ulimit -c", "", limits);
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->text, "65536\n0\n");
}

// Z3's handlers wait for each other without end when two threads fork at once: one in eighty proofs never ended.
TEST(Process, NoHandlerThatALibraryPutBeforeForkIsRun) {
  ASSERT_EQ(pthread_atfork([] { ++handlers_run; }, nullptr, nullptr), 0);
  const auto output = shell("exit 4");
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->exit_status, 4);
  EXPECT_EQ(handlers_run, 0);
}

TEST(Process, AProgramThatIsNotThereIsAnErrorThatNamesIt) {
  const auto output = run_process({"/nowhere/to/be/found"}, "", {});
  ASSERT_FALSE(output.ok());
  EXPECT_EQ(output.error().object, "/nowhere/to/be/found");
}

}  // namespace
}  // namespace bulkhead::process
