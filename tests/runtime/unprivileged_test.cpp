// The same launcher started by a user without any privilege: by this test itself, as a numeric user that nobody else
// is.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/runtime/sandbox_fixture.h"

namespace bulkhead::test {
namespace {

using table::Level;

class Unprivileged : public SandboxTest, public ::testing::WithParamInterface<Level> {
 protected:
  TableBuilder builder() const { return TableBuilder({"/usr/bin/python3", "/bin/true"}, GetParam()); }
};

TEST_P(Unprivileged, RunsWithTheFilterProbed) {
  if (ran_as_user()) return;
  const Ran ran = run(builder().build(), {"/bin/true"});
  EXPECT_EQ(ran.status, 0) << ran.err << ran.log;
  EXPECT_EQ(ran.outcome.readback, sandbox::Readback::Probed);
}

TEST_P(Unprivileged, IsRefusedWhereTheExactReadbackIsRequired) {
  if (ran_as_user()) return;
  sandbox::RunOptions options;
  options.readback = sandbox::ReadbackNeed::Exact;
  const Ran ran = run(builder().build(), {"/bin/true"}, options);
  EXPECT_EQ(ran.status, 125);
  EXPECT_EQ(ran.outcome.refusal->step, sandbox::Step::ReadFilter);
}

TEST_P(Unprivileged, AProbeThatFailsIsARefusal) {
  if (ran_as_user()) return;
  sandbox::RunOptions options;
  options.fault = sandbox::Step::ProbeFilter;
  EXPECT_EQ(run(builder().build(), {"/bin/true"}, options).status, 125);
}

TEST_P(Unprivileged, IsContainedAndSeesItsGrants) {
  if (ran_as_user()) return;
  std::filesystem::create_directory(folder_ + "/granted");
  std::ofstream(folder_ + "/granted/file") << "x";
  const std::string code = R"(
def tried(path):
    try:
        with open(path) as f: f.read(1)
        return 'ok'
    except OSError as e: return 'denied'
print(tried('/etc/passwd'), tried('/data/file'))
)";
  const Ran granted = python(builder().volume(folder_ + "/granted", "/data", table::kRead).build(), code);
  EXPECT_EQ(granted.out, "denied ok\n") << granted.err << granted.log;
  EXPECT_EQ(granted.outcome.first_denial, "openat /etc/passwd");
  const Ran denied = python(builder().volume(folder_ + "/granted", "/data", 0).build(), code);
  EXPECT_EQ(denied.out, "denied denied\n") << denied.err;
}

TEST_P(Unprivileged, MemoryNeedsADelegatedGroupOrTheNamedDegradation) {
  if (ran_as_user()) return;
  const std::uint64_t limit = 200 * 1000 * 1000;
  const Ran refused = run(builder().memory(limit).build(), {"/bin/true"});
  EXPECT_EQ(refused.status, 125);
  EXPECT_NE(refused.err.find("memory:rlimit"), std::string::npos) << refused.err;
  const table::Table degraded = builder().memory(limit).degrade("memory:rlimit").build();
  const Ran fits = python(degraded, "x = b'a' * (40 * 1000 * 1000); print(len(x))");
  EXPECT_EQ(fits.out, "40000000\n") << fits.err << fits.log;
  EXPECT_EQ(fits.outcome.degraded, std::vector<std::string>{"memory:rlimit"});
  const Ran over = python(degraded, "x = b'a' * (300 * 1000 * 1000); print(len(x))");
  EXPECT_EQ(over.out, "") << over.log;
  EXPECT_NE(over.status, 0);
}

TEST_P(Unprivileged, SeveralProcessesTogetherAreSampled) {
  if (ran_as_user()) return;
  const table::Table table = builder().memory(120 * 1000 * 1000).degrade("memory:rlimit").build();
  const Ran over = python(
      table,
      "import os, time\nfor i in range(4):\n  if os.fork() == 0: break\nx = b'a' * (50 * 1000 * 1000)\ntime.sleep(60)");
  EXPECT_EQ(over.status, 122) << over.err << over.log;
  EXPECT_EQ(over.outcome.resource, "memory");
}

INSTANTIATE_TEST_SUITE_P(Levels, Unprivileged, ::testing::Values(Level::Standard, Level::Enhanced),
                         [](const auto& level) { return level.param == Level::Standard ? "Standard" : "Enhanced"; });

}  // namespace
}  // namespace bulkhead::test
