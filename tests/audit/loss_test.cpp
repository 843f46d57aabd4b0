#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/audit/log.h"
#include "runtime-bridge/audit/verify.h"
#include "scratch.h"

namespace bulkhead::audit {
namespace {

/// Writes until it fails or `most` lines stand.
bool fills_up(Log& log, int most) {
  for (int i = 0; i < most; ++i) {
    if (!log.record(denied("/etc/" + std::to_string(i))).ok()) return true;
  }
  return false;
}

/// This process may write no file beyond `bytes`, without dying of it.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) {
    before_handler_ = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() { lift(); }
  void lift() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, before_handler_);
  }

 private:
  rlimit before_{};
  sighandler_t before_handler_ = SIG_DFL;
};

TEST(AuditLoss, AFullLogFailsAndLeavesNoHalfLine) {
  const Scratch scratch;
  auto log = Log::open(scratch.file("log"), options("r1"));
  {
    const SmallFiles small(10'000);
    EXPECT_TRUE(fills_up(*log, 1000));
  }
  EXPECT_GE(log->lost(), 1u);
  const auto verification = verify(scratch.file("log"));
  ASSERT_TRUE(std::holds_alternative<ChainOk>(*verification)) << std::get<ChainBroken>(*verification).reason;
  EXPECT_FALSE(std::get<ChainOk>(*verification).complete);
}

TEST(AuditLoss, AFullFileSystemFails) {
  const Scratch scratch;
  const std::string folder = scratch.file("full");
  ASSERT_EQ(mkdir(folder.c_str(), 0700), 0);
  if (mount("none", folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=16k") != 0) {
    GTEST_SKIP() << "needs root: mounting a small tmpfs";
  }
  auto log = Log::open(folder + "/log", options("r1"));
  const bool full = fills_up(*log, 1000);
  const auto verification = verify(folder + "/log");
  EXPECT_EQ(umount2(folder.c_str(), MNT_DETACH), 0);
  EXPECT_TRUE(full);
  EXPECT_TRUE(std::holds_alternative<ChainOk>(*verification));
}

TEST(AuditLoss, UnderContinueTheLossIsWrittenAsSoonAsThereIsRoom) {
  const Scratch scratch;
  Log::Options lenient = options("r1");
  lenient.on_loss = OnLoss::Continue;
  auto log = Log::open(scratch.file("log"), lenient);
  SmallFiles small(10'000);
  EXPECT_FALSE(fills_up(*log, 50));
  const std::uint64_t lost = log->lost();
  EXPECT_GT(lost, 0u);
  small.lift();
  ASSERT_TRUE(log->record(SandboxExit{"exit", 0, 0, log->denials()}).ok());
  const auto lines = lines_of(scratch.file("log"));
  const auto loss = read_json_line(lines[lines.size() - 2]);
  EXPECT_EQ(loss->text("event"), "AuditLoss");
  EXPECT_EQ(loss->number("lost"), lost);
  EXPECT_TRUE(std::get<ChainOk>(*verify(scratch.file("log"))).complete);
}

TEST(AuditLoss, AClosedSinkFailsWithoutKillingUs) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  auto log = Log::adopt(ends[1], options("r1"));
  ASSERT_TRUE(log->record(start_event()).ok());
  close(ends[0]);
  const Status lost = log->record(denied("/x"));
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().error, EPIPE);
}

TEST(AuditLoss, ASinkThatReadsNothingBlocksForASecondAtMost) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  fcntl(ends[1], F_SETPIPE_SZ, 4096);
  auto log = Log::adopt(ends[1], options("r1"));
  EXPECT_TRUE(fills_up(*log, 1000));
  close(ends[0]);
}

}  // namespace
}  // namespace bulkhead::audit
