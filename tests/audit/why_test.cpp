#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime-bridge/audit/verify.h"
#include "scratch.h"

namespace bulkhead::audit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Why, TellsTheSentenceAndTheClaim) {
  const Scratch scratch;
  auto log = Log::open(scratch.file("log"), options("r1"));
  ASSERT_TRUE(log->record(start_event()).ok());
  ASSERT_TRUE(log->record(denied("/etc/passwd")).ok());
  CapabilityDenied missing = denied("127.0.0.1:4711");
  missing.access.operation = "connect";
  missing.access.capability = "NETWORK_CONNECT";
  missing.access.rule = {};
  missing.error = 0;
  ASSERT_TRUE(log->record(missing).ok());
  const std::string first = *why(scratch.file("log"), 1);
  EXPECT_THAT(first, HasSubstr("denial 1 of 2 in run r1"));
  EXPECT_THAT(first, HasSubstr("process 7 called openat on /etc/passwd"));
  EXPECT_THAT(first, HasSubstr("agent.bh:27  never read Secrets"));
  EXPECT_THAT(first, HasSubstr("the claim `secrets_unreadable` relies on it"));
  EXPECT_THAT(first, HasSubstr("the program got EACCES"));
  const std::string second = *why(scratch.file("log"), 2);
  EXPECT_THAT(second, HasSubstr("no sentence of the policy permits it"));
  EXPECT_THAT(second, HasSubstr("the kernel refused it"));
}

TEST(Why, LooksAtTheLastRunAndSaysHowManyThereAre) {
  const Scratch scratch;
  for (const std::string run : {"r1", "r2"}) {
    auto log = Log::open(scratch.file("log"), options(run));
    ASSERT_TRUE(log->record(start_event()).ok());
    ASSERT_TRUE(log->record(denied("/of/" + run)).ok());
  }
  EXPECT_THAT(*why(scratch.file("log"), 1), HasSubstr("/of/r2"));
  const auto none = why(scratch.file("log"), 2);
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().message(), HasSubstr("there is 1 denial"));
  EXPECT_FALSE(why(scratch.file("log"), 0).ok());
}

TEST(Why, ShowsNothingThatActsOnATerminal) {
  const Scratch scratch;
  auto log = Log::open(scratch.file("log"), options("r1"));
  ASSERT_TRUE(log->record(start_event()).ok());
  ASSERT_TRUE(log->record(denied("/x\x1b[31m\ny\\z")).ok());
  const std::string story = *why(scratch.file("log"), 1);
  EXPECT_THAT(story, Not(HasSubstr("\x1b")));
  EXPECT_THAT(story, HasSubstr("/x\\x1b[31m\\x0ay\\\\z"));
}

TEST(Why, AnAuditedDenialSaysThatItWentThrough) {
  const Scratch scratch;
  auto log = Log::open(scratch.file("log"), options("r1"));
  ASSERT_TRUE(log->record(start_event()).ok());
  CapabilityDenied audited = denied("/etc/passwd");
  audited.enforced = false;
  ASSERT_TRUE(log->record(audited).ok());
  EXPECT_THAT(*why(scratch.file("log"), 1), HasSubstr("it went through: the run did not enforce it"));
}

}  // namespace
}  // namespace bulkhead::audit
