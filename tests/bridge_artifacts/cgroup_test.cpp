// Limits as control group files, both versions, and what their mutants say.
#include "runtime-bridge/emit/cgroup/cgroup.h"

#include <gtest/gtest.h>

#include <vector>

#include "runtime-bridge/decode/cgroup/cgroup.h"
#include "tests/bridge_artifacts/small_world.h"

namespace bulkhead {
namespace {

using emit::cgroup::Version;
using testing::SmallWorld;

SmallWorld limited(std::uint64_t cpu = 500) {
  SmallWorld in;
  in.box().limits.memory = ir::Quantity{256u << 20, {}};
  in.box().limits.cpu = ir::Quantity{cpu, {}};
  in.box().limits.pids = ir::Quantity{64, {}};
  return in;
}
decode::Comparison compared(const SmallWorld& in, const std::string& text) {
  const auto meaning = decode::cgroup::decode(text);
  EXPECT_TRUE(meaning.ok()) << text;
  return meaning.ok() ? decode::cgroup::compare(*meaning, in.world.at(in.container).limits)
                      : decode::Comparison{{{"?", "?"}}, {}, {}, {}};
}

TEST(CgroupEmission, BothVersionsDecodeToThePolicy) {
  for (const auto version : {Version::V1, Version::V2}) {
    for (const std::uint64_t cpu : {1u, 9u, 10u, 333u, 1000u, 64000u}) {
      const auto in = limited(cpu);
      const auto text = emit::cgroup::emit(in.world, in.container, version);
      ASSERT_TRUE(text.ok());
      EXPECT_TRUE(compared(in, *text).equal()) << *text;
      EXPECT_GE(emit::cgroup::quota_of(cpu).quota_us, 1000u) << "the kernel takes no less";
    }
  }
}

TEST(CgroupEmission, SpellsVersionTwo) {
  const auto in = limited();
  EXPECT_EQ(*emit::cgroup::emit(in.world, in.container, Version::V2),
            "memory.max 268435456\nmemory.swap.max 0\nmemory.oom.group 1\ncpu.max 50000 100000\npids.max 64\n");
}

TEST(CgroupEmission, ALimitOfNothingIsRefused) {
  auto in = limited();
  in.box().limits.pids->amount = 0;
  EXPECT_FALSE(emit::cgroup::emit(in.world, in.container, Version::V2).ok());
}

TEST(CgroupDecoding, EveryMutantIsRefuted) {
  const auto in = limited();
  for (const auto version : {Version::V1, Version::V2}) {
    const std::string text = *emit::cgroup::emit(in.world, in.container, version);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      lines.push_back(text.substr(at, text.find('\n', at) - at));
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto space = lines[i].find(' ');
      const std::string file = lines[i].substr(0, space), value = lines[i].substr(space + 1);
      const std::uint64_t number = std::stoull(value);
      const std::string rest = value.find(' ') == std::string::npos ? "" : value.substr(value.find(' '));
      const bool period = file.find("period") != std::string::npos, group = file == "memory.oom.group";
      std::vector<std::string> looser{std::to_string(period || group ? number - 1 : number + 1) + rest};
      if (!period && !group) looser.push_back("max" + rest);
      if (!rest.empty()) looser.push_back(std::to_string(number) + " 99999");
      if (!period) looser.push_back("");  // the line left out: the kernel's defaults are no limit
      for (const std::string& with : looser) {
        std::string mutant;
        for (std::size_t k = 0; k < lines.size(); ++k) {
          if (k != i) mutant += lines[k] + "\n";
          if (k == i && !with.empty()) mutant += file + " " + with + "\n";
        }
        EXPECT_FALSE(compared(in, mutant).accepted()) << mutant;
      }
    }
  }
  EXPECT_FALSE(compared(in, "").accepted());
}

TEST(CgroupDecoding, WhatIsStricterIsNarrowerAndNoWidening) {
  const auto in = limited();
  for (const char* text :
       {"memory.max 1\nmemory.swap.max 268435455\nmemory.oom.group 1\ncpu.max 50000 100000\npids.max 64\n",
        "memory.max 268435456\nmemory.swap.max 0\nmemory.oom.group 1\ncpu.max 49999 100000\npids.max 64\n",
        "memory.max 268435456\nmemory.swap.max 0\nmemory.oom.group 1\ncpu.max 50000 100000\npids.max 63\n"}) {
    const auto comparison = compared(in, text);
    EXPECT_TRUE(comparison.accepted()) << text;
    EXPECT_EQ(comparison.narrower.size(), 1u) << text;
  }
}

TEST(CgroupDecoding, LimitsThatControlGroupsDoNotKnowAreSaid) {
  auto in = limited();
  in.box().limits.time = ir::Quantity{1000, {}};
  in.box().limits.disk = ir::Quantity{1u << 20, {}};
  const auto comparison = compared(in, *emit::cgroup::emit(in.world, in.container, Version::V2));
  EXPECT_TRUE(comparison.equal());
  EXPECT_EQ(comparison.assumptions.size(), 2u);
}

TEST(CgroupDecoding, WhatIsNotUnderstoodIsAnError) {
  for (const char* text : {"memory.max", "memory.max -1", "memory.max 1\nmemory.max 2", "cpu.max 1 0", "io.max 1",
                           "memory.max 1\npids/pids.max 1", "memory.oom.group 2", "cpu/cpu.cfs_period_us 0"}) {
    EXPECT_FALSE(decode::cgroup::decode(text).ok()) << text;
  }
}

}  // namespace
}  // namespace bulkhead
