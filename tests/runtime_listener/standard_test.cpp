// Level standard: file accesses are reported and go on; exec is decided here.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "small_sandbox.h"

namespace bulkhead::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Standard : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root: the hand-made sandbox takes it";
  }
  Arm arm() const {
    Arm out;
    out.table = small_table(table::Level::Standard);
    permit(out.table, table::kRead, "/data/allowed");
    permit(out.table, table::kRead | table::kWrite, "/out/**");
    return out;
  }
};

TEST_F(Standard, ReportsAForbiddenOpenAndLetsItGoOn) {
  const Observed seen = run_small(arm(), [](const Say& say) {
    say(slurp("/data/allowed") + ";");
    say(slurp("/data/other"));
  });
  EXPECT_EQ(seen.said, "data/allowed;data/other");
  EXPECT_THAT(seen.denials, ElementsAre("openat /data/other"));
  EXPECT_THAT(seen.log_text, HasSubstr("\"line\":1"));
}

TEST_F(Standard, APermittedPathThatDoesNotExistIsNoEventAForbiddenOneIs) {
  const Observed seen = run_small(arm(), [](const Say& say) {
    say(slurp("/out/absent") + ";");
    say(slurp("/data/absent") + ";");
    say(slurp("/no/such/folder"));
  });
  EXPECT_EQ(seen.said, "E2;E2;E2");
  EXPECT_THAT(seen.denials, ElementsAre("openat /data/absent", "openat /no/such/folder"));
}

TEST_F(Standard, NamesAreResolvedAsTheSandboxSeesThem) {
  const Observed seen = run_small(arm(), [](const Say& say) {
    slurp("/data/link_to_other");
    slurp("/data/../data/./sub/../other");
    slurp("/data/climbing_link");
    say(chdir("/data") == 0 ? "" : "chdir");
    slurp("other");
    slurp("../../../data/other");
    const int folder = openat(AT_FDCWD, "/data", O_PATH | O_DIRECTORY);
    say(folder >= 0 ? "" : "folder");
    const int fd = openat(folder, "link_to_allowed", O_RDONLY);
    say(fd >= 0 ? "ok" : "no");
    close(openat(folder, "other", O_RDONLY));
  });
  EXPECT_EQ(seen.said, "ok");
  EXPECT_THAT(seen.denials, ElementsAre("openat /data/other", "openat /data/other", "openat /data/other",
                                        "openat /data/other", "openat /data/other", "openat /data/other"));
}

TEST_F(Standard, ReadingWritingAndCreatingAreDifferentRights) {
  const Observed seen = run_small(arm(), [](const Say&) {
    close(openat(AT_FDCWD, "/data/allowed", O_WRONLY));
    close(openat(AT_FDCWD, "/data/allowed", O_RDONLY | O_CREAT, 0600));
    close(openat(AT_FDCWD, "/out/new", O_RDWR | O_CREAT, 0600));
    close(openat(AT_FDCWD, "/data/new", O_RDONLY | O_CREAT, 0600));
    close(openat(AT_FDCWD, "/data/other", O_PATH));
    struct stat st;
    stat("/data/other", &st);
  });
  EXPECT_THAT(seen.denials, ElementsAre("openat /data/allowed", "openat /data/new"));
}

TEST_F(Standard, OtherPathCallsAreReportedToo) {
  const Observed seen = run_small(arm(), [](const Say&) {
    mkdirat(AT_FDCWD, "/data/folder", 0700);
    unlinkat(AT_FDCWD, "/data/other", 0);
    renameat(AT_FDCWD, "/data/allowed", AT_FDCWD, "/out/moved");
    fchmodat(AT_FDCWD, "/out/x", 0600, 0);
    EXPECT_EQ(symlinkat("target", AT_FDCWD, "/out/link"), 0);
  });
  ASSERT_EQ(seen.denials.size(), 3u) << seen.log_text;
  EXPECT_THAT(seen.denials[0], HasSubstr("/data/folder"));
  EXPECT_THAT(seen.denials[1], HasSubstr("/data/other"));
  EXPECT_THAT(seen.denials[2], HasSubstr("/data/allowed"));
}

TEST_F(Standard, ExactlyTheFirstExecOfTheParkedThreadPasses) {
  const auto attempts = [](const Say& say) {
    char* none[] = {nullptr};
    execve("/data/no_program", none, none);
    say("E" + std::to_string(errno) + ";");
    execve("/data/no_program", none, none);
    say("E" + std::to_string(errno));
  };
  const Observed denied = run_small(arm(), attempts);
  EXPECT_EQ(denied.said, "E2;E13");  // the kernel's answer to the first, the listener's to the second
  EXPECT_THAT(denied.denials, ElementsAre("execve /data/no_program"));
  EXPECT_THAT(denied.log_text, HasSubstr("PROCESS_SPAWN"));
  Arm granted = arm();
  permit(granted.table, table::kExecute, "/data/no_program");
  const Observed seen = run_small(granted, attempts);
  EXPECT_EQ(seen.said, "E2;E2");
  EXPECT_THAT(seen.denials, IsEmpty());
}

TEST_F(Standard, AnotherThreadHasNoFirstExec) {
  const Observed seen = run_small(arm(), [](const Say& say) {
    const pid_t child = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    if (child == 0) {
      char* none[] = {nullptr};
      execve("/data/no_program", none, none);
      say("E" + std::to_string(errno));
      _exit(0);
    }
    syscall(SYS_wait4, child, 0, 0, 0);
  });
  EXPECT_EQ(seen.said, "E13");
}

TEST_F(Standard, RefusedCallsGetTheErrnoOfTheTable) {
  Arm refusing = arm();
  refusing.refused = {SYS_swapoff, SYS_reboot, SYS_acct};
  refusing.table.syscalls.push_back({SYS_swapoff, "swapoff", false, EPERM, 1, table::kNone});
  refusing.table.syscalls.push_back({SYS_acct, "acct", false, ENOSYS, 1, table::kNone});
  refusing.table.unknown_syscall_error = ENOSYS;
  const Observed seen = run_small(refusing, [](const Say& say) {
    for (const long number : {SYS_swapoff, SYS_acct, SYS_reboot}) {
      syscall(number, 0, 0, 0, 0);
      say("E" + std::to_string(errno) + ";");
    }
  });
  EXPECT_EQ(seen.said, "E1;E38;E38;");
  EXPECT_THAT(seen.denials, ElementsAre("swapoff ", "acct ", "syscall " + std::to_string(SYS_reboot) + " "));
}

TEST_F(Standard, ACallThatThePolicyForbidsIsRefusedAlthoughTheListenerKnowsIt) {
  Arm refusing = arm();
  for (table::SyscallRow& row : refusing.table.syscalls) row.allowed = row.name != "openat";
  const Observed seen = run_small(refusing, [](const Say& say) { say(slurp("/data/allowed")); });
  EXPECT_EQ(seen.said, "E1");
  EXPECT_THAT(seen.denials, ElementsAre("openat /data/allowed"));
}

TEST_F(Standard, AuditOnlyReportsAndEnforcesNothingButCalls) {
  Arm lifted = arm();
  lifted.enforce = Enforce::AuditOnly;
  const Observed seen = run_small(lifted, [](const Say& say) {
    char* none[] = {nullptr};
    execve("/data/no_program", none, none);
    execve("/data/no_program", none, none);
    say("E" + std::to_string(errno));
  });
  EXPECT_EQ(seen.said, "E2");
  EXPECT_EQ(seen.count, 1u);
  EXPECT_THAT(seen.log_text, HasSubstr("\"enforced\":false"));
}

TEST_F(Standard, AllowedAccessesAreLoggedWhenAskedFor) {
  Arm loud = arm();
  loud.log_allowed = true;
  const Observed seen = run_small(loud, [](const Say&) { slurp("/data/allowed"); });
  EXPECT_THAT(seen.allowed, ElementsAre("openat /data/allowed"));
  EXPECT_THAT(seen.denials, IsEmpty());
}

TEST_F(Standard, PathsThatCannotBeReadGetTheKernelsAnswer) {
  const Observed seen = run_small(arm(), [](const Say& say) {
    syscall(SYS_openat, AT_FDCWD, 8, O_RDONLY);
    say("E" + std::to_string(errno) + ";");
    const std::string endless(5000, 'x');
    syscall(SYS_openat, AT_FDCWD, endless.c_str(), O_RDONLY);
    say("E" + std::to_string(errno));
  });
  EXPECT_EQ(seen.said, "E14;E36");
}

}  // namespace
}  // namespace bulkhead::sandbox
