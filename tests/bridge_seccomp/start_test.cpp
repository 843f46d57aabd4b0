// The instructions of the start before a filter: they let one call through, and change the answer to no other.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include "runtime-bridge/decode/seccomp/program.h"
#include "runtime-bridge/emit/seccomp/generate.h"
#include "runtime-bridge/sandbox/maximum_start.h"
#include "tests/bridge_seccomp/filter_world.h"

namespace bulkhead {
namespace {

using decode::seccomp::Diagrams;
using decode::seccomp::Ref;
using sandbox::StartCall;

constexpr StartCall kStart{0x7123456789a1, 0x0fedcba98763, 0x6aaabbbcccd5};

bpf::Program start_before(const StartCall& call, const bpf::Program& filter) {
  sock_filter before[sandbox::kStartLength];
  sandbox::write_start(call, before);
  bpf::Program whole;
  for (const sock_filter& step : before) whole.push_back({step.code, step.jt, step.jf, step.k});
  whole.insert(whole.end(), filter.begin(), filter.end());
  return whole;
}

bpf::Program contained(const test::FilterWorld& source) {
  const auto plan = emit::seccomp::plan_filter(source.world, source.container(), bpf::kNativeMachine,
                                               emit::seccomp::Flavour::Contained);
  EXPECT_TRUE(plan.ok());
  return *emit::seccomp::generate(*plan);
}

/// The start, said a second time.
Ref is_start(Diagrams& diagrams) {
  const bool x86 = bpf::kNativeMachine == bpf::Machine::X86_64;
  const auto and_equal = [&](Ref so_far, const auto& bits, std::uint64_t value) {
    return diagrams.both(so_far, diagrams.equal(bits, value));
  };
  Ref start = diagrams.equal(diagrams.word(bpf::kArchOffset), x86 ? bpf::kArchX86_64 : bpf::kArchAarch64);
  start = and_equal(start, diagrams.word(bpf::kNumberOffset), x86 ? 322 : 281);
  start = and_equal(start, diagrams.word(bpf::kArgumentsOffset), 0xFFFFFF9C);  // an int
  start = and_equal(start, diagrams.argument(1), kStart.path);
  start = and_equal(start, diagrams.argument(2), kStart.arguments);
  start = and_equal(start, diagrams.argument(3), kStart.environment);
  return and_equal(start, diagrams.word(bpf::kArgumentsOffset + 32), 0);
}

TEST(StartOfTheProgram, PassesTheFilterAndEveryOtherCallIsAnsweredAsBefore) {
  test::FilterWorld source;
  source.standard();
  const bpf::Program filter = contained(source);
  Diagrams diagrams;
  const auto before = decode::seccomp::meaning(filter, diagrams);
  const auto after = decode::seccomp::meaning(start_before(kStart, filter), diagrams);
  ASSERT_TRUE(before.ok() && after.ok());
  const Ref start = is_start(diagrams);
  EXPECT_EQ(*after, diagrams.choose(start, diagrams.value(bpf::kAllow), *before));
  EXPECT_FALSE(diagrams.exhausted());
  const auto example = diagrams.example(start);
  ASSERT_TRUE(example.has_value());
  EXPECT_EQ(decode::seccomp::interpret(filter, *example), bpf::kErrno | 13);
}

/// No instruction of it can be another one without letting something else through, or keeping the start out.
TEST(StartOfTheProgram, EachOfItsInstructionsCounts) {
  const bpf::Program nothing{{bpf::kReturn, 0, 0, bpf::kErrno | 13}};
  const bpf::Program whole = start_before(kStart, nothing);
  Diagrams diagrams;
  const auto meant = decode::seccomp::meaning(whole, diagrams);
  ASSERT_TRUE(meant.ok());
  for (std::size_t i = 0; i < sandbox::kStartLength; ++i) {
    for (bpf::Instruction changed : {bpf::Instruction{whole[i].code, whole[i].jump_true, whole[i].jump_false,
                                                      whole[i].k ^ (whole[i].code == bpf::kLoad ? 4U : 0x50000U)},
                                     bpf::Instruction{bpf::kAnd, 0, 0, 0xFFFFFFFF}}) {
      bpf::Program mutant = whole;
      mutant[i] = changed;
      if (!decode::seccomp::validate(mutant).empty()) continue;
      const auto means = decode::seccomp::meaning(mutant, diagrams);
      ASSERT_TRUE(means.ok());
      EXPECT_NE(*means, *meant) << "instruction " << i;
    }
  }
}

}  // namespace
}  // namespace bulkhead
