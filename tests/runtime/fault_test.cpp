// Every step of a launch made to fail: the program never runs, the status is 125, and nothing is left.
#include <set>

#include "tests/runtime/sandbox_fixture.h"

namespace bulkhead::test {
namespace {

using sandbox::Step;
using table::Level;

/// Steps that a fault cannot reach here, each with a test of its own: refusals without a call, and level maximum's.
const std::set<Step> kElsewhere = {Step::FindProgram, Step::CheckAliases, Step::ProbeFilter, Step::Execute,
                                   Step::Supervise,   Step::FitMemory,    Step::FindRunsc,   Step::MakeBundle,
                                   Step::StartRunsc,  Step::MakeNetwork,  Step::OpenSink,    Step::ReadInside,
                                   Step::LoseSink};

std::vector<Step> all_steps() {
  std::vector<Step> steps;
  for (int i = 1; i < static_cast<int>(Step::Count); ++i) {
    if (kElsewhere.count(static_cast<Step>(i)) == 0) steps.push_back(static_cast<Step>(i));
  }
  return steps;
}

class Fault : public SandboxTest, public ::testing::WithParamInterface<Step> {};

TEST_P(Fault, OfOneLayerEndsTheRunBeforeTheProgram) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root: the steps of its launch";
  TableBuilder builder({"/bin/true"}, Level::Enhanced);
  builder.memory(64 << 20).cpu(1000).pids(16).volume(folder_, "/data", table::kRead);
  sandbox::RunOptions options;
  options.fault = GetParam();
  const Ran ran = run(builder.build(), {"/bin/true"}, options);
  ASSERT_TRUE(ran.outcome.refusal.has_value());
  EXPECT_EQ(step_name(ran.outcome.refusal->step), step_name(GetParam()));
  EXPECT_FALSE(ran.outcome.started);
  EXPECT_EQ(ran.outcome.cause, sandbox::Cause::Refused);
  EXPECT_EQ(ran.status, GetParam() == Step::OpenProgram ? 126 : 125);
  EXPECT_NE(ran.err.find("help: "), std::string::npos);
  EXPECT_NE(ran.log.find("\"refused\""), std::string::npos) << ran.log;
}

INSTANTIATE_TEST_SUITE_P(Steps, Fault, ::testing::ValuesIn(all_steps()),
                         [](const auto& step) { return std::string(step_name(step.param)); });

class Refused : public SandboxTest {};

TEST_F(Refused, AProgramThatIsNotThereIs127) {
  const Ran ran = run(TableBuilder({"/bin/true"}).build(), {"/usr/bin/absent"});
  EXPECT_EQ(ran.status, 127) << ran.err;
  EXPECT_EQ(run(TableBuilder({"/bin/true"}).build(), {"absent"}).status, 127);
}

TEST_F(Refused, AFileThatMayNotBeExecutedIs126) {
  sandbox::RunOptions options;
  options.files.push_back({"/srv/data", "no program"});
  const Ran ran = run(TableBuilder({"/bin/true"}).build(), {"/srv/data"}, options);
  EXPECT_EQ(ran.status, 126) << ran.err;
}

TEST_F(Refused, ALoaderWithoutItsGrantIs126) {
  table::Table table = TableBuilder({"/bin/true"}).build();
  std::erase_if(table.landlock.rules, [](const table::LandlockRule& rule) { return rule.path == "/usr/bin/true"; });
  const Ran ran = run(table, {"/bin/true"});
  EXPECT_EQ(ran.status, 126) << ran.err << ran.log;
  EXPECT_FALSE(ran.outcome.started);
}

TEST_F(Refused, TwoVolumesThatShowOneFolderAreRefused) {
  TableBuilder builder({"/bin/true"});
  builder.volume(folder_, "/a", table::kRead).volume(folder_, "/b", table::kRead | table::kWrite, false);
  const Ran ran = run(builder.build(), {"/bin/true"});
  EXPECT_EQ(ran.status, 125);
  ASSERT_TRUE(ran.outcome.refusal.has_value());
  EXPECT_EQ(step_name(ran.outcome.refusal->step), "CheckAliases");
}

TEST_F(Refused, AFilterThatLetsExecPassUnseenIsRefused) {
  table::Table table = TableBuilder({"/bin/true"}).build();
  table.filter_x86_64 = std::string("\x06\0\0\0\0\0\xff\x7f", 8);  // allow everything
  const Ran ran = run(table, {"/bin/true"});
  EXPECT_EQ(ran.status, 125);
  EXPECT_NE(ran.err.find("execveat"), std::string::npos) << ran.err;
}

TEST_F(Refused, ANamespaceSharedWithTheHostIsRefusedWhereTheLevelRestsOnIt) {
  for (const std::size_t shared : {0U, 1U, 2U, 4U}) {
    table::Table table = TableBuilder({"/bin/true"}).build();
    table.namespaces[shared] = table::NamespaceMode::Host;
    EXPECT_EQ(run(table, {"/bin/true"}).status, 125);
  }
  for (const std::size_t shared : {3U, 5U, 6U}) {
    table::Table table = TableBuilder({"/bin/true"}).build();
    table.namespaces[shared] = table::NamespaceMode::Host;
    const Ran ran = run(table, {"/bin/true"});
    EXPECT_EQ(ran.status, 0) << ran.err;
  }
}

}  // namespace
}  // namespace bulkhead::test
