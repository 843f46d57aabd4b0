// Level enhanced: opens are decided here and done here, with the sandbox's own rights, and nothing is resolved twice.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/openat2.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "small_sandbox.h"

namespace bulkhead::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string opened(const char* path, int flags, mode_t mode = 0) {
  const int fd = openat(AT_FDCWD, path, flags, mode);
  return fd < 0 ? "E" + std::to_string(errno) + ";" : "ok;";
}

class Enhanced : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root: the hand-made sandbox takes it";
  }
  Arm arm() const {
    Arm out;
    out.table = small_table(table::Level::Enhanced);
    out.user = 65534;
    permit(out.table, table::kRead, "/data/allowed");
    permit(out.table, table::kRead | table::kWrite, "/out/**");
    permit(out.table, table::kRead, "/proc/**");
    return out;
  }
  Arm everything() const {
    Arm out = arm();
    permit(out.table, table::kRead | table::kWrite | table::kRename | table::kLink, "/**");
    return out;
  }
};

TEST_F(Enhanced, DeniedGrantedAndUnmediatedAreThreeAnswers) {
  const auto program = [](const Say& say) { say(slurp("/data/allowed") + ";" + slurp("/data/other")); };
  const Observed denied = run_small(arm(), program);
  EXPECT_EQ(denied.said, "data/allowed;E13");
  EXPECT_THAT(denied.denials, ElementsAre("openat /data/other"));
  const Observed granted = run_small(everything(), program);
  EXPECT_EQ(granted.said, "data/allowed;data/other");
  EXPECT_THAT(granted.denials, IsEmpty());
  Arm without = arm();
  without.enforce = Enforce::AuditOnly;
  const Observed lifted = run_small(without, program);
  EXPECT_EQ(lifted.said, "data/allowed;data/other");
  EXPECT_EQ(lifted.count, 1u);
}

TEST_F(Enhanced, ALinkIsJudgedByWhatItLeadsTo) {
  const Observed seen = run_small(arm(), [](const Say& say) {
    say(slurp("/data/link_to_other") + ";" + slurp("/data/climbing_link") + ";");
    say(slurp("/data/link_to_allowed") + ";");
    say(opened("/data/link_to_allowed", O_RDONLY | O_NOFOLLOW));
  });
  EXPECT_EQ(seen.said, "E13;E13;data/allowed;E13;");
}

TEST_F(Enhanced, OpensActAsTheSandboxAndNotAsTheSupervisor) {
  const auto program = [](const Say& say) { say(slurp("/data/private")); };
  EXPECT_EQ(run_small(everything(), program).said, "E13");
  Arm owner = everything();
  owner.user = 0;
  EXPECT_EQ(run_small(owner, program).said, "data/private");
}

TEST_F(Enhanced, CreatesWithTheProgramsModeAndMask) {
  const Observed seen = run_small(arm(), [](const Say& say) {
    umask(027);
    say(opened("/out/new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    struct stat st;
    stat("/out/new", &st);
    say(std::to_string(st.st_mode & 0777) + " " + std::to_string(st.st_uid) + ";");
    say(opened("/out/new", O_WRONLY | O_CREAT | O_EXCL, 0666));
    say(opened("/out/new", O_RDWR | O_CREAT, 0666));
    say(opened("/data/new", O_WRONLY | O_CREAT, 0666));
    say(opened("/out/absent", O_RDONLY));
    say(opened("/out/absent/deeper", O_WRONLY | O_CREAT, 0666));
    say(opened("/out", O_RDWR | O_TMPFILE, 0666));
  });
  EXPECT_EQ(seen.said, "ok;416 65534;E17;ok;E13;E2;E2;E95;");
  EXPECT_THAT(seen.denials, ElementsAre("openat /data/new"));
}

TEST_F(Enhanced, FlagsOfTheDescriptorArriveAndItsNumberIsTheLowestFree) {
  const Observed seen = run_small(arm(), [](const Say& say) {
    const int hole = dup(0);
    close(hole);
    const int fd = openat(AT_FDCWD, "/data/allowed", O_RDONLY | O_CLOEXEC);
    say(fd == hole ? "lowest;" : "other;");
    say((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0 ? "cloexec;" : "inherited;");
    const int out = openat(AT_FDCWD, "/out/log", O_WRONLY | O_CREAT | O_APPEND, 0600);
    say((fcntl(out, F_GETFD) & FD_CLOEXEC) != 0 ? "cloexec;" : "inherited;");
    say((fcntl(out, F_GETFL) & O_APPEND) != 0 ? "append;" : "no;");
    const rlimit few{static_cast<rlim_t>(out + 1), 4096};
    setrlimit(RLIMIT_NOFILE, &few);
    say(opened("/data/allowed", O_RDONLY));
  });
  EXPECT_EQ(seen.said, "lowest;cloexec;inherited;append;E24;");
}

TEST_F(Enhanced, FifosSocketsAndDevicesAreNotOpened) {
  const Observed seen = run_small(everything(), [](const Say& say) {
    say(opened("/data/fifo", O_RDONLY));
    say(opened("/data/fifo", O_WRONLY));
    say(opened("/dev/null", O_RDWR));
    say(opened("/data", O_RDONLY | O_DIRECTORY));
  });
  EXPECT_EQ(seen.said, "E13;E13;ok;ok;");
}

TEST_F(Enhanced, ProcIsSeenAsTheProgramSeesIt) {
  const Observed seen = run_small(everything(), [](const Say& say) {
    const int fd = openat(AT_FDCWD, "/proc/self/stat", O_RDONLY);
    char text[64] = {};
    say(read(fd, text, sizeof text - 1) > 0 && std::stol(text) == syscall(SYS_getpid) ? "self;" : "another;");
    say(opened("/proc/self/root/data/other", O_RDONLY));
  });
  EXPECT_EQ(seen.said, "self;E13;");
}

TEST_F(Enhanced, OtherPathCallsAreRefusedWhereTheTableForbids) {
  const auto program = [](const Say& say) {
    for (const int done : {unlinkat(AT_FDCWD, "/data/other", 0), mkdirat(AT_FDCWD, "/data/folder", 0700),
                           renameat(AT_FDCWD, "/data/allowed", AT_FDCWD, "/data/moved"),
                           linkat(AT_FDCWD, "/data/sub/allowed", AT_FDCWD, "/data/second", 0),
                           symlinkat("x", AT_FDCWD, "/data/sym"), truncate("/data/sub/allowed", 0)}) {
      say(done == 0 ? "ok;" : "E" + std::to_string(errno) + ";");
    }
  };
  EXPECT_EQ(run_small(arm(), program).said, "E13;E13;E13;E13;E13;E13;");
  EXPECT_EQ(run_small(everything(), program).said, "ok;ok;ok;ok;ok;ok;");
}

TEST_F(Enhanced, UnreadableArgumentsGetTheirErrnoAndNothingGoesOnUnread) {
  const Observed seen = run_small(everything(), [](const Say& say) {
    syscall(SYS_openat, AT_FDCWD, 8, O_RDONLY);
    say("E" + std::to_string(errno) + ";");
    syscall(SYS_openat, AT_FDCWD, "", O_RDONLY);
    say("E" + std::to_string(errno) + ";");
    syscall(SYS_openat, 77, "relative", O_RDONLY);
    say("E" + std::to_string(errno) + ";");
    open_how how{};
    how.resolve = RESOLVE_BENEATH;
    syscall(SYS_openat2, AT_FDCWD, "/data/allowed", &how, sizeof how);
    say("E" + std::to_string(errno) + ";");
    syscall(SYS_openat2, AT_FDCWD, "/data/allowed", &how, 4);
    say("E" + std::to_string(errno) + ";");
    how.resolve = 0;
    say(syscall(SYS_openat2, AT_FDCWD, "/data/allowed", &how, sizeof how) >= 0 ? "ok" : "no");
  });
  EXPECT_EQ(seen.said, "E14;E2;E9;E38;E22;ok");
}

TEST_F(Enhanced, ManyThreadsAreServed) {
  const Observed seen = run_small(arm(), [](const Say& say) {
    for (int i = 0; i < 16; ++i) {
      if (syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) != 0) continue;
      int good = 0;
      for (int k = 0; k < 50; ++k) good += slurp("/data/allowed") == "data/allowed" && slurp("/data/other") == "E13";
      say(good == 50 ? "y" : "n");
      _exit(0);
    }
    for (int i = 0; i < 16; ++i) syscall(SYS_wait4, -1, 0, 0, 0);
  });
  EXPECT_EQ(seen.said, std::string(16, 'y'));
  EXPECT_EQ(seen.count, 800u);
}

}  // namespace
}  // namespace bulkhead::sandbox
