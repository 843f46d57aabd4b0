// Level maximum without root: the same container in a user namespace of the caller's. Its limits need a delegated
// cgroup of version 2, which machines with version 1 hierarchies do not have, so the parts are put together here
// without one; tests/machine/user runs the whole where there is one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "runtime-bridge/sandbox/maximum_container.h"
#include "runtime-bridge/sandbox/maximum_filter.h"
#include "tests/runtime/sandbox_fixture.h"

namespace bulkhead::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* kPython = "/usr/bin/python3";

class RootlessMaximum : public SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (access("/usr/bin/runsc", X_OK) != 0) GTEST_SKIP() << "needs runsc: it is not installed";
  }
  static table::Table table() { return TableBuilder({kPython}, table::Level::Maximum).build(); }
};

TEST_F(RootlessMaximum, TheContainerReportsOneUserWithoutCapabilities) {
  if (ran_as_user()) return;
  sandbox::RunOptions options;
  options.command = {kPython, "-I", "-S", "-c",
                     "import os; print(os.getuid(), open('/proc/self/uid_map').read().split())"};
  const auto tools = sandbox::find_runsc();
  ASSERT_TRUE(tools.ok());
  auto plan = sandbox::plan_bundle(table(), options);
  ASSERT_TRUE(plan.ok()) << plan.error().message();
  EXPECT_EQ(plan->user, 0u);
  const std::string id = "rootless" + std::to_string(getpid());
  std::string folder;
  {
    const auto bundle = sandbox::Bundle::create(id);
    ASSERT_TRUE(bundle.ok()) << bundle.error().message();
    folder = bundle->path();
    const auto written = bundle->write(table(), *plan, tools->init);
    ASSERT_TRUE(written.ok()) << written.error().message();
    auto box = sandbox::Container::start(*tools, *bundle, sandbox::Cgroup(), sandbox::PeerNetwork(), "bulkhead-" + id);
    ASSERT_TRUE(box.ok()) << box.error().message();
    const auto filter = sandbox::contained_filter(table());
    ASSERT_TRUE(filter.ok()) << filter.error().message();
    ASSERT_TRUE(box->order(sandbox::orders_of(*filter)).ok());
    const auto report = box->wait_until_parked();
    ASSERT_TRUE(report.ok()) << report.error().message();
    EXPECT_THAT(*report, HasSubstr("id 0 0\n"));
    const auto right = sandbox::verify_report(*report, *plan, table(), sandbox::expected_trials(*filter));
    EXPECT_TRUE(right.ok()) << right.error().message();
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_EQ(capture("pgrep -f '[r]unsc.*" + id + "'"), "");
}

TEST_F(RootlessMaximum, ConnectionsAndAMissingGroupAreRefusedWithARemedy) {
  if (ran_as_user()) return;
  table::Table connecting = table();
  table::Row row;
  row.plane = table::Plane::Net;
  row.rights = table::kConnect;
  row.literals = {{false, true, {}, {}, {}}};
  row.sentence = 0;
  connecting.rows.push_back(row);
  Ran ran = run(connecting, {"/bin/true"});
  EXPECT_EQ(ran.status, 125);
  EXPECT_THAT(ran.outcome.refusal->message(), HasSubstr("connections at level maximum without root"));
  if (sandbox::find_ground(sandbox::find_cgroups(), false).ground != sandbox::Ground::None) return;
  for (const bool degraded : {false, true}) {
    TableBuilder without({kPython}, table::Level::Maximum);
    if (degraded) without.degrade("memory:rlimit");
    ran = run(without.build(), {"/bin/true"});
    EXPECT_EQ(ran.status, 125);
    EXPECT_THAT(ran.outcome.refusal->message(), HasSubstr("delegated")) << degraded;
  }
}

}  // namespace
}  // namespace bulkhead::test
