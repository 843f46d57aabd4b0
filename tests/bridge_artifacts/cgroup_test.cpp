// Limits as control group files, both versions, and what their mutants say.
#include "runtime-bridge/emit/cgroup/cgroup.h"

#include <gtest/gtest.h>

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
  for (const char* mutant : {"memory.max 268435457\nmemory.swap.max 0\ncpu.max 50000 100000\npids.max 64\n",
                             "memory.max max\nmemory.swap.max 0\ncpu.max 50000 100000\npids.max 64\n",
                             "memory.max 268435456\nmemory.swap.max 1\ncpu.max 50000 100000\npids.max 64\n",
                             "memory.max 268435456\nmemory.swap.max max\ncpu.max 50000 100000\npids.max 64\n",
                             "memory.max 268435456\ncpu.max 50000 100000\npids.max 64\n",
                             "memory.max 268435456\nmemory.swap.max 0\ncpu.max 50001 100000\npids.max 64\n",
                             "memory.max 268435456\nmemory.swap.max 0\ncpu.max 50000 99999\npids.max 64\n",
                             "memory.max 268435456\nmemory.swap.max 0\ncpu.max max 100000\npids.max 64\n",
                             "memory.max 268435456\nmemory.swap.max 0\ncpu.max 50000 100000\npids.max 65\n",
                             "memory.max 268435456\nmemory.swap.max 0\ncpu.max 50000 100000\n",
                             "memory.max 268435456\nmemory.swap.max 0\npids.max 64\n", ""}) {
    EXPECT_FALSE(compared(in, mutant).accepted()) << mutant;
  }
}

TEST(CgroupDecoding, WhatIsNotUnderstoodIsAnError) {
  for (const char* text : {"memory.max", "memory.max -1", "memory.max 1\nmemory.max 2", "cpu.max 1 0", "io.max 1",
                           "memory.max 1\npids/pids.max 1", "memory.oom.group 2", "cpu/cpu.cfs_period_us 0"}) {
    EXPECT_FALSE(decode::cgroup::decode(text).ok()) << text;
  }
}

}  // namespace
}  // namespace bulkhead
