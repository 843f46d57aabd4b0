// Limits end a run that exceeds them, leave alone one that does not, and say which limit it was.
#include <csignal>

#include "tests/runtime/sandbox_fixture.h"

namespace bulkhead::test {
namespace {

using sandbox::Cause;
using table::Level;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

class Limits : public SandboxTest, public ::testing::WithParamInterface<Level> {
 protected:
  TableBuilder builder() const { return TableBuilder({"/usr/bin/python3", "/bin/true"}, GetParam()); }
};

TEST_P(Limits, FiftyMegabytesHoldFortyAndNotSixty) {
  const table::Table table = builder().memory(50 * 1000 * 1000).build();
  const auto take = [](int megabytes) {
    return "x = bytearray(b'a') * (" + std::to_string(megabytes) + " * 1000 * 1000); print(len(x))";
  };
  EXPECT_EQ(unsandboxed_python(take(60)), "60000000\n");
  // What the interpreter itself takes is part of the charge.
  const Ran fits = python(table, take(30));
  EXPECT_EQ(fits.out, "30000000\n") << fits.err << fits.log;
  EXPECT_EQ(fits.status, 0);
  const Ran over = python(table, take(60));
  EXPECT_EQ(over.out, "") << over.log;
  EXPECT_EQ(over.status, 122) << over.err;
  EXPECT_EQ(over.outcome.cause, Cause::Resource);
  EXPECT_EQ(over.outcome.resource, "memory");
  EXPECT_NE(over.log.find("\"ResourceExceeded\""), std::string::npos);
}

TEST_P(Limits, FortyMegabytesOfFiftyAreReached) {
  const table::Table table = builder().memory(50 * 1000 * 1000).build();
  const Ran fits =
      python(table, "x = bytearray(40 * 1000 * 1000)\nx[::4096] = b'a' * len(x[::4096])\nprint('reached')");
  EXPECT_EQ(fits.out, "reached\n") << fits.err << fits.log;
}

TEST_P(Limits, AWholeGroupDiesWhenOneProcessExceedsMemory) {
  const table::Table table = builder().memory(50 * 1000 * 1000).build();
  const Ran over =
      python(table, "import os, time\nif os.fork() == 0:\n  x = b'a' * (90 * 1000 * 1000)\ntime.sleep(60)");
  EXPECT_EQ(over.status, 122) << over.err << over.log;
}

TEST_P(Limits, WallTimeEndsTheRun) {
  const Ran over = python(builder().time(2500).build(), "import time; print('on', flush=True); time.sleep(60)");
  EXPECT_EQ(over.status, 124) << over.err;
  EXPECT_EQ(over.outcome.cause, Cause::Timeout);
  EXPECT_EQ(over.out, "on\n");
  EXPECT_EQ(run(builder().time(60'000).build(), {"/bin/true"}).status, 0);
}

TEST_P(Limits, ProcessesAreCounted) {
  const std::string code = R"(
import os, time
made = 0
try:
    for i in range(20):
        if os.fork() == 0: time.sleep(60); os._exit(0)
        made += 1
except OSError as e: pass
print(made, flush=True)
os._exit(0)
)";
  EXPECT_EQ(python(builder().pids(64).build(), code).out, "20\n");
  const Ran few = python(builder().pids(5).build(), code);
  EXPECT_EQ(few.out, "4\n") << few.err << few.log;
  EXPECT_NE(few.log.find("\"pids\""), std::string::npos) << few.log;
}

TEST_P(Limits, DiskIsASizedFolderAndAFileSize) {
  const std::string code =
      "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
      "try:\n  f = open('/tmp/big', 'wb')\n  for i in range(8): f.write(b'a' * (1 << 20)); f.flush()\n  print('ok')\n"
      "except OSError as e: print(e.errno)";
  const auto table = [&](std::uint64_t bytes) {
    TableBuilder made = builder();
    return made.permit("/tmp", table::kRead | table::kWrite)
        .permit("/tmp/**", table::kRead | table::kWrite)
        .disk(bytes)
        .build();
  };
  const Ran fits = python(table(16 * kMiB), code);
  EXPECT_EQ(fits.out, "ok\n") << fits.err << fits.log;
  const Ran over = python(table(4 * kMiB), code);
  EXPECT_TRUE(over.out == "27\n" || over.out == "28\n") << over.out << over.err << over.log;
}

TEST_P(Limits, DescriptorsAreCounted) {
  const std::string code =
      "import os\nfds = []\ntry:\n  while len(fds) < 100: fds.append(os.dup(0))\nexcept OSError as e: "
      "print(e.errno)\nprint(len(fds) == 100)";
  EXPECT_EQ(python(builder().open_files(256).build(), code).out, "True\n");
  EXPECT_EQ(python(builder().open_files(32).build(), code).out, "24\nFalse\n");
}

TEST_P(Limits, CpuIsAShare) {
  const std::string code =
      "import time\nend = time.monotonic() + 1.0\nwhile time.monotonic() < end: pass\nprint(time.process_time())";
  const double used = std::stod(python(builder().cpu(200).build(), code).out);
  EXPECT_LT(used, 0.5);
  EXPECT_GT(used, 0.005);  // it did run, however loaded the machine is
}

TEST_P(Limits, ASignalIsPassedThroughAsItsNumber) {
  const Ran killed = python(builder().build(), "import os, signal; os.kill(os.getpid(), signal.SIGTERM)");
  EXPECT_EQ(killed.status, 128 + SIGTERM) << killed.err;
  EXPECT_EQ(killed.outcome.cause, Cause::Signal);
}

INSTANTIATE_TEST_SUITE_P(Levels, Limits, ::testing::Values(Level::Standard, Level::Enhanced),
                         [](const auto& level) { return level.param == Level::Standard ? "Standard" : "Enhanced"; });

}  // namespace
}  // namespace bulkhead::test
