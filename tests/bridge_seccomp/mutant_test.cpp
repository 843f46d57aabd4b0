// Every single-instruction mutant of an emitted filter is refuted, or proved to mean the same; none slips through.
#include <gtest/gtest.h>

#include <memory>
#include <tuple>

#include "runtime-bridge/decode/seccomp/policy_answers.h"
#include "runtime-bridge/decode/seccomp/program.h"
#include "runtime-bridge/emit/seccomp/generate.h"
#include "tests/bridge_seccomp/filter_world.h"

namespace bulkhead {
namespace {

using decode::seccomp::Diagrams;
using test::FilterWorld;

bool is_branch(const bpf::Instruction& step) {
  return (step.code & 7) == 5 && step.code != bpf::kJump;
}

std::vector<bpf::Program> mutants_at(const bpf::Program& program, std::size_t at) {
  std::vector<bpf::Program> mutants;
  const auto change = [&](auto edit) {
    bpf::Program mutant = program;
    edit(mutant[at]);
    if (mutant != program) mutants.push_back(std::move(mutant));
  };
  change([](bpf::Instruction& step) { ++step.k; });
  change([](bpf::Instruction& step) { --step.k; });
  change([](bpf::Instruction& step) { step.k ^= 0x80000000; });
  if (program[at].code == bpf::kLoad) {
    change([](bpf::Instruction& step) { step.k += 4; });
    change([](bpf::Instruction& step) { step.k -= 4; });
  }
  if (is_branch(program[at])) {
    change([](bpf::Instruction& step) { std::swap(step.jump_true, step.jump_false); });
    change([](bpf::Instruction& step) { ++step.jump_true; });
    change([](bpf::Instruction& step) { ++step.jump_false; });
    for (const std::uint16_t code : {bpf::kJumpEqual, bpf::kJumpGreater, bpf::kJumpGreaterEqual, bpf::kJumpSet}) {
      change([code](bpf::Instruction& step) { step.code = code; });
    }
  }
  if (program[at].code == bpf::kReturn) {
    for (const std::uint32_t action : {bpf::kAllow, bpf::kAllow | 1, bpf::kNotify, bpf::kErrno | 1, bpf::kErrno | 0,
                                       bpf::kKillProcess, bpf::kLog, bpf::kTrace | 1}) {
      change([action](bpf::Instruction& step) { step.k = action; });
    }
  }
  bpf::Program shorter = program;
  shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
  mutants.push_back(std::move(shorter));
  return mutants;
}

struct Count {
  std::size_t refuted = 0, equal = 0, invalid = 0, allows_more = 0;
};

/// Judges the mutants of every instruction, and checks each refutation on the concrete interpreter.
Count judge(const FilterWorld& source, bpf::Machine machine, table::Flavour flavour) {
  const auto plan = emit::seccomp::plan_filter(source.world, source.container(), machine, flavour);
  EXPECT_TRUE(plan.ok());
  const auto program = emit::seccomp::generate(*plan);
  EXPECT_TRUE(program.ok());
  Count count;
  auto diagrams = std::make_unique<Diagrams>();
  const auto specification = [&] {
    return *decode::seccomp::policy_answers(source.world, source.container(), machine, flavour, *diagrams);
  };
  auto policy = specification();
  for (std::size_t at = 0; at < program->size(); ++at) {
    for (const bpf::Program& mutant : mutants_at(*program, at)) {
      if (diagrams->size() > Diagrams::kMaxNodes / 4) {
        diagrams = std::make_unique<Diagrams>();
        policy = specification();
      }
      if (!decode::seccomp::validate(mutant).empty()) {
        ++count.invalid;
        continue;
      }
      const auto meaning = decode::seccomp::meaning(mutant, *diagrams);
      EXPECT_TRUE(meaning.ok());
      const auto result = compare(*meaning, policy, *diagrams);
      if (result.equal) {
        ++count.equal;
        for (std::uint32_t number = 0; number < 512; ++number) {
          const bpf::Call call{number, machine == bpf::Machine::X86_64 ? bpf::kArchX86_64 : bpf::kArchAarch64, 0, {}};
          EXPECT_EQ(decode::seccomp::interpret(mutant, call), decode::seccomp::interpret(*program, call));
        }
        continue;
      }
      ++count.refuted;
      count.allows_more += result.allows_more ? 1 : 0;
      const std::uint32_t answered = decode::seccomp::interpret(mutant, result.example);
      EXPECT_EQ(answered, result.answered);
      EXPECT_NE(answered, decode::seccomp::interpret(*program, result.example)) << "the witness is real";
    }
  }
  return count;
}

TEST(SeccompMutants, OfAFilterWithConditionsAreAllJudged) {
  FilterWorld source(
      {"read", "write", "openat", "socket", "clone", "ioctl", "mmap", "exit_group", "execveat", "ptrace"});
  source.permit({"read", "write", "openat", "exit_group", "execveat"});
  source.permit({"socket"}, source.test(0, ~std::uint64_t{0}, ir::Op::Less, 3));
  source.permit({"clone"}, source.test(0, 0x7e020000, ir::Op::Equal, 0));
  source.permit({"ioctl"}, source.test(1, 0xffffffff, ir::Op::NotEqual, 0x5412));
  source.permit({"mmap"}, source.test(2, 6, ir::Op::NotEqual, 6));
  for (const table::Flavour flavour :
       {table::Flavour::Listened, table::Flavour::Contained, table::Flavour::Standalone}) {
    const Count count = judge(source, bpf::Machine::X86_64, flavour);
    EXPECT_GT(count.refuted, 150u);
    EXPECT_GT(count.allows_more, 20u);
    EXPECT_LT(count.equal * 10, count.refuted) << "few instructions are superfluous";
  }
}

class StandardFilter : public ::testing::TestWithParam<std::tuple<bpf::Machine, table::Flavour>> {};

/// What is neither refuted nor invalid is proved to mean the same: a branch whose other side was excluded before.
TEST_P(StandardFilter, EveryMutantOfEveryInstructionIsJudged) {
  FilterWorld source;
  source.standard();
  const auto [machine, flavour] = GetParam();
  const Count count = judge(source, machine, flavour);
  RecordProperty("refuted", static_cast<int>(count.refuted));
  RecordProperty("equal", static_cast<int>(count.equal));
  RecordProperty("invalid", static_cast<int>(count.invalid));
  EXPECT_GT(count.refuted, 600u);
  EXPECT_GT(count.allows_more, 100u);
  EXPECT_LT(count.equal * 3, count.refuted) << "few changes leave the meaning as it is";
}
INSTANTIATE_TEST_SUITE_P(Machines, StandardFilter,
                         ::testing::Combine(::testing::Values(bpf::Machine::X86_64, bpf::Machine::Aarch64),
                                            ::testing::Values(table::Flavour::Listened, table::Flavour::Contained,
                                                              table::Flavour::Standalone)));

}  // namespace
}  // namespace bulkhead
