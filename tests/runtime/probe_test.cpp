// `doctor`: what the probes say of this machine agrees with what a run can do here.
#include "runtime-bridge/sandbox/probe.h"

#include <algorithm>

#include "tests/runtime/sandbox_fixture.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::sandbox;

class Probe : public SandboxTest {};

TEST_F(Probe, SaysAvailableExactlyWhereARunSucceeds) {
  const std::vector<LevelSupport> levels = level_support(probe_caller(), probe_mechanisms());
  ASSERT_EQ(levels.size(), 3U);
  for (const LevelSupport& level : levels) {
    if (level.level == table::Level::Maximum) continue;
    const Ran ran =
        run(TableBuilder({"/bin/true"}, level.level).memory(64 << 20).cpu(1000).pids(8).build(), {"/bin/true"});
    EXPECT_EQ(ran.status == 0, level.available) << level.text << ran.err;
  }
}

TEST_F(Probe, EachMissingMechanismRefusesTheLevelsThatRestOnIt) {
  std::vector<Mechanism> mechanisms = probe_mechanisms();
  for (Mechanism& mechanism : mechanisms) mechanism.support = Support::Works;
  for (Mechanism& broken : mechanisms) {
    broken.support = Support::Missing;
    const std::vector<LevelSupport> levels = level_support(Caller::Root, mechanisms);
    EXPECT_EQ(levels[0].available, !broken.standard) << broken.name;
    EXPECT_EQ(levels[1].available, !broken.enhanced) << broken.name;
    EXPECT_EQ(levels[2].available, !broken.maximum) << broken.name;
    broken.support = Support::Works;
  }
}

TEST_F(Probe, MaximumNeedsRootOrADelegatedGroup) {
  std::vector<Mechanism> mechanisms = probe_mechanisms();
  for (Mechanism& mechanism : mechanisms) mechanism.support = Support::Works;
  EXPECT_EQ(level_support(Caller::Root, mechanisms)[2].text, "all layers");
  EXPECT_EQ(level_support(Caller::DelegatedUser, mechanisms)[2].text, "no network");
  EXPECT_TRUE(level_support(Caller::DelegatedUser, mechanisms)[2].available);
  EXPECT_FALSE(level_support(Caller::User, mechanisms)[2].available);
}

}  // namespace
}  // namespace bulkhead::test
