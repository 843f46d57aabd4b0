#include "runtime-bridge/audit/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "runtime-bridge/audit/json_line.h"
#include "scratch.h"

namespace bulkhead::audit {
namespace {

TEST(Log, IsPrivateAppendedToAndClosedOnExec) {
  const Scratch scratch;
  const auto log = Log::open(scratch.file("log"), options("r1"));
  ASSERT_TRUE(log.ok()) << log.error().message();
  struct stat st {};
  ASSERT_EQ(stat(scratch.file("log").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0600u);
  EXPECT_NE(fcntl(log->fd(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_NE(fcntl(log->fd(), F_GETFL) & O_APPEND, 0);
}

TEST(Log, FollowsNoSymbolicLinkAndTakesNoDeviceNorFolder) {
  const Scratch scratch;
  ASSERT_EQ(symlink("/dev/null", scratch.file("link").c_str()), 0);
  EXPECT_FALSE(Log::open(scratch.file("link"), options("r")).ok());
  EXPECT_FALSE(Log::open("/dev/null", options("r")).ok());
  EXPECT_FALSE(Log::open(scratch.file("."), options("r")).ok());
  EXPECT_FALSE(Log::open(scratch.file("no/such/folder"), options("r")).ok());
}

TEST(Log, RefusesAFifoWithoutReaderAndAFileOfAnother) {
  const Scratch scratch;
  ASSERT_EQ(mkfifo(scratch.file("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(Log::open(scratch.file("fifo"), options("r")).ok());
  if (geteuid() != 0) GTEST_SKIP() << "needs root: giving a file to another user";
  ASSERT_TRUE(write_file(scratch.file("other"), "").ok());
  ASSERT_EQ(chown(scratch.file("other").c_str(), 65534, 65534), 0);
  EXPECT_FALSE(Log::open(scratch.file("other"), options("r")).ok());
}

TEST(Log, ChainsOntoTheLastLineOfALogTooLargeToBeRead) {
  const Scratch scratch;
  const auto path = scratch.file("log");
  constexpr off_t kTerabyte = off_t{1} << 40;  // a hole: reading it all would not end
  for (const std::size_t length : {std::size_t{10}, std::size_t{4095}, std::size_t{100'000}}) {
    const std::string hash(64, length == 10 ? 'a' : 'b');
    const std::string line = "\n{\"x\":\"" + std::string(length, 'x') + "\",\"hash\":\"" + hash + "\"}\n";
    ASSERT_TRUE(write_file(path, "").ok());
    if (truncate(path.c_str(), kTerabyte) != 0) GTEST_SKIP() << "needs sparse: this file system makes no large holes";
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_EQ(pwrite(fd, line.data(), line.size(), kTerabyte), static_cast<ssize_t>(line.size()));
    close(fd);
    auto log = Log::open(path, options("r1"));
    ASSERT_TRUE(log.ok()) << log.error().message();
    ASSERT_TRUE(log->record(start_event()).ok());
    std::string added(64 * 1024, '\0');
    const int reader = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const ssize_t count = pread(reader, added.data(), added.size(), kTerabyte + static_cast<off_t>(line.size()));
    close(reader);
    ASSERT_GT(count, 0);
    EXPECT_NE(added.find("\"previous\":\"" + hash + "\""), std::string::npos) << length;
  }
}

TEST(Log, LinesCarryRunSequenceTimesRuleAndClaim) {
  const Scratch scratch;
  auto log = Log::open(scratch.file("log"), options("r1"));
  ASSERT_TRUE(log->record(start_event()).ok());
  ASSERT_TRUE(log->record(denied("/etc/passwd")).ok());
  const auto lines = lines_of(scratch.file("log"));
  ASSERT_EQ(lines.size(), 2u);
  const auto fields = read_json_line(lines[1]);
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->text("schema"), "bulkhead.audit/v1");
  EXPECT_EQ(fields->text("run"), "r1");
  EXPECT_EQ(fields->number("sequence"), 2u);
  EXPECT_TRUE(fields->number("monotonic_us"));
  EXPECT_EQ(fields->text("time").size(), std::string("2026-01-01T00:00:00.000000Z").size());
  EXPECT_EQ(fields->text("event"), "CapabilityDenied");
  EXPECT_EQ(fields->text("object"), "/etc/passwd");
  EXPECT_EQ(fields->number("rule.line"), 27u);
  EXPECT_EQ(fields->text("claim.name"), "secrets_unreadable");
  EXPECT_EQ(fields->text("previous"), read_json_line(lines[0])->text("hash"));
  EXPECT_EQ(log->denials(), 1u);
  EXPECT_EQ(std::get<CapabilityDenied>(*log->first_denial()).access.object, "/etc/passwd");
}

TEST(Log, AllowedAccessesAreWrittenOnlyWhenAskedFor) {
  const Scratch scratch;
  const AccessAllowed allowed{denied("/data/allowed.txt").access};
  auto quiet = Log::open(scratch.file("quiet"), options("r1"));
  ASSERT_TRUE(quiet->record(allowed).ok());
  EXPECT_EQ(quiet->lines(), 0u);
  Log::Options everything = options("r2");
  everything.detail = Detail::Everything;
  auto loud = Log::open(scratch.file("loud"), everything);
  ASSERT_TRUE(loud->record(allowed).ok());
  EXPECT_EQ(loud->lines(), 1u);
  EXPECT_EQ(loud->denials(), 0u);
}

TEST(Log, RunIdsAreLongAndNeverTheSame) {
  const auto a = make_run_id(), b = make_run_id();
  EXPECT_EQ(a->size(), 32u);
  EXPECT_NE(*a, *b);
}

TEST(Log, ProvenanceOutsideTheTableIsEmpty) {
  table::Table table;
  table.sentences = {{"a.bh", 3, "may read X"}};
  EXPECT_EQ(provenance(table, 0, 0, table::kNone).line, 3u);
  EXPECT_EQ(provenance(table, 0, 1, 9).file, "");
}

}  // namespace
}  // namespace bulkhead::audit
