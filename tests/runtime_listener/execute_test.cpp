// What an exec is of: the named file, the interpreters that its first line leads to, or a file that has no name.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "small_sandbox.h"

namespace bulkhead::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

char* const kNone[] = {nullptr};

void script(const char* path, const char* text) {
  const int fd = openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
  if (write(fd, text, strlen(text)) < 0) _exit(97);
  close(fd);
}

std::string executed(const char* path) {
  execve(path, kNone, kNone);
  return "E" + std::to_string(errno) + ";";
}

class Execute : public ::testing::TestWithParam<table::Level> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root: the hand-made sandbox takes it";
  }
  /// Scripts of /out may be executed; the first exec, which passes, is spent on nothing.
  static Arm arm() {
    Arm out;
    out.table = small_table(GetParam());
    permit(out.table, table::kRead | table::kWrite | table::kExecute, "/out/**");
    permit(out.table, table::kRead, "/**");
    return out;
  }
  static Observed run(const Arm& arm, const std::function<void(const Say&)>& program) {
    return run_small(arm, [&program](const Say& say) {
      executed("/nowhere");
      program(say);
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Levels, Execute, ::testing::Values(table::Level::Standard, table::Level::Enhanced));

TEST_P(Execute, AScriptIsAsMuchAsTheInterpreterThatItNames) {
  const auto attempts = [](const Say& say) {
    script("/out/plain", "#!/data/absent\n");
    script("/out/spaced", "#! \t/data/absent -x\n");
    script("/out/endless", ("#!/data/absent " + std::string(400, 'x')).c_str());
    script("/out/second", "#!/out/plain\n");
    script("/out/relative", "#!absent");
    say(chdir("/data") == 0 ? "" : "chdir");
    for (const char* path : {"/out/plain", "/out/spaced", "/out/endless", "/out/second", "/out/relative"})
      say(executed(path));
  };
  const Observed denied = run(arm(), attempts);
  EXPECT_EQ(denied.said, "E13;E13;E13;E13;E13;");
  EXPECT_THAT(denied.denials, ElementsAre("execve /data/absent", "execve /data/absent", "execve /data/absent",
                                          "execve /data/absent", "execve /data/absent"));
  Arm granted = arm();
  permit(granted.table, table::kExecute, "/data/absent");
  const Observed seen = run(granted, attempts);
  EXPECT_EQ(seen.said, "E2;E2;E2;E2;E2;");
  EXPECT_THAT(seen.denials, IsEmpty());
}

TEST_P(Execute, ScriptsThatNameEachOtherEnd) {
  const Observed seen = run(arm(), [](const Say& say) {
    script("/out/loop", "#!/out/loop\n");
    say(executed("/out/loop"));
  });
  EXPECT_EQ(seen.said, "E40;");
}

TEST_P(Execute, WhatIsNoScriptIsLeftToTheKernel) {
  const Observed seen = run(arm(), [](const Say& say) {
    script("/out/text", "no program");
    script("/out/nothing", "#! \n");
    say(executed("/out/text") + executed("/out/nothing") + executed("/out"));
  });
  EXPECT_EQ(seen.said, "E8;E8;E13;");
  EXPECT_THAT(seen.denials, IsEmpty());
}

TEST_P(Execute, AFileWithoutANameIsDeniedAndAnEvent) {
  const auto attempts = [](const Say& say) {
    const int memory = static_cast<int>(syscall(SYS_memfd_create, "x", 0));
    syscall(SYS_execveat, memory, "", kNone, kNone, AT_EMPTY_PATH);
    say("E" + std::to_string(errno) + ";");
    script("/out/gone", "no program");
    const int gone = openat(AT_FDCWD, "/out/gone", O_RDONLY);
    unlinkat(AT_FDCWD, "/out/gone", 0);
    syscall(SYS_execveat, gone, "", kNone, kNone, AT_EMPTY_PATH);
    say("E" + std::to_string(errno));
  };
  Arm all = arm();
  permit(all.table, table::kExecute, "/**");
  const Observed denied = run(all, attempts);
  EXPECT_EQ(denied.said, "E13;E13");
  ASSERT_EQ(denied.denials.size(), 2u);
  for (const std::string& denial : denied.denials) EXPECT_THAT(denial, HasSubstr("a file without a name"));
  all.enforce = Enforce::AuditOnly;
  const Observed lifted = run(all, attempts);
  EXPECT_EQ(lifted.said, "E8;E8");  // the kernel's answers: neither is a program
  EXPECT_EQ(lifted.denials.size(), 2u);
}

TEST_P(Execute, ANameThatOnlyTheKernelCouldFollowGoesNowhere) {
  Arm all = arm();
  permit(all.table, table::kExecute, "/proc/**");
  const Observed seen = run(all, [](const Say& say) {
    script("/out/itself", "#!/proc/self/exe\n");
    say(executed("/proc/self/exe") + executed("/out/itself"));
  });
  EXPECT_THAT(seen.said, HasSubstr("E40;"));
  EXPECT_THAT(seen.denials, IsEmpty());
}

}  // namespace
}  // namespace bulkhead::sandbox
