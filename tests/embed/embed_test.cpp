// The embedding API against the real bulkhead-exec: an outcome, a violation with its event, a refusal.
#include "runtime-bridge/embed/bulkhead.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <system_error>

#include "runtime-bridge/table/encode.h"
#include "tests/runtime/table_builder.h"

namespace bulkhead::embed {
namespace {

using ::testing::HasSubstr;

constexpr const char* kPython = "/usr/bin/python3";

class Embed : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root: cgroups";
  }
  void TearDown() override {
    if (request_.table_fd >= 0) close(request_.table_fd);
  }
  Request& request(const table::Table& table, const std::string& code) {
    const std::string bytes = table::encode(table);
    request_.table_fd = memfd_create("table", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    EXPECT_EQ(write(request_.table_fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    EXPECT_EQ(fcntl(request_.table_fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), 0);
    request_.bulkhead_exec = std::string(BULKHEAD_BINARY_DIR) + "/bulkhead-exec";
    request_.command = {kPython, "-I", "-S", "-B", "-c", code};
    return request_;
  }
  Request request_;
};

TEST_F(Embed, GivesTheOutcomeOfAProgramThatKeepsToThePolicy) {
  const Outcome outcome = run(request(test::TableBuilder({kPython}).build(), "import sys; sys.exit(3)"));
  EXPECT_TRUE(outcome.started);
  EXPECT_EQ(outcome.cause, Cause::Exit);
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.denials, 0u);
  EXPECT_EQ(outcome.level, "standard");
}

TEST_F(Embed, AViolationThrowsWithItsEventAndIsNotRetryable) {
  const std::string code = "try: open('/etc/passwd')\nexcept OSError: pass";
  Request& wanted = request(test::TableBuilder({kPython}).build(), code);
  try {
    run(wanted);
    FAIL() << "the denial did not throw";
  } catch (const SandboxViolationError& error) {
    EXPECT_EQ(error.event().object, "/etc/passwd");
    EXPECT_EQ(error.event().capability, "FILE_READ");
    EXPECT_EQ(error.event().rule_file, "test.bh");
    EXPECT_EQ(error.outcome().denials, 1u);
    EXPECT_THAT(error.what(), HasSubstr("openat /etc/passwd"));
    EXPECT_FALSE(error.retryable());
  }
  wanted.violations = Violations::Report;
  EXPECT_EQ(run(wanted).first_denial, "openat /etc/passwd");
}

TEST_F(Embed, AnExceededLimitThrowsWithTheResource) {
  const table::Table limited = test::TableBuilder({kPython}).memory(std::uint64_t{50} << 20).build();
  try {
    run(request(limited, "x=bytearray(b'a'*1048576)*60"));
    FAIL() << "the limit did not throw";
  } catch (const SandboxViolationError& error) {
    EXPECT_EQ(error.event().resource, "memory");
    EXPECT_EQ(error.outcome().cause, Cause::Resource);
  }
}

TEST_F(Embed, ARefusalThrowsAndIsRetryable) {
  Request& broken = request(test::TableBuilder({kPython}).build(), "print('ran')");
  close(broken.table_fd);
  broken.table_fd = memfd_create("empty", MFD_CLOEXEC);
  try {
    run(broken);
    FAIL() << "an empty table was run";
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.status(), 125);
    EXPECT_TRUE(error.retryable());
  }
}

TEST(EmbedApi, SaysWhenThereIsNothingToStart) {
  EXPECT_THROW(run(Request{}), RefusedError);
  Request absent;
  absent.bulkhead = "/no/such/bulkhead";
  absent.policy = "x.bh::X";
  absent.command = {"true"};
  EXPECT_THROW(run(absent), std::system_error);
}

}  // namespace
}  // namespace bulkhead::embed
