// Every single-instruction mutant of an emitted filter is refuted, or proved to mean the same; none slips through.
#include <gtest/gtest.h>

#include <memory>

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
  if (is_branch(program[at])) {
    change([](bpf::Instruction& step) { std::swap(step.jump_true, step.jump_false); });
    change([](bpf::Instruction& step) { ++step.jump_true; });
    change([](bpf::Instruction& step) { ++step.jump_false; });
    for (const std::uint16_t code : {bpf::kJumpEqual, bpf::kJumpGreater, bpf::kJumpGreaterEqual, bpf::kJumpSet}) {
      change([code](bpf::Instruction& step) { step.code = code; });
    }
  }
  if (program[at].code == bpf::kReturn) {
    for (const std::uint32_t action : {bpf::kAllow, bpf::kNotify, bpf::kErrno | 1, bpf::kKillProcess, bpf::kLog}) {
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

/// Judges the mutants of every `step`th instruction, and checks each refutation on the concrete interpreter.
Count judge(const FilterWorld& source, emit::seccomp::Flavour flavour, decode::seccomp::Flavour decoded,
            std::size_t step) {
  const auto plan =
      emit::seccomp::plan_filter(source.world, source.container(), emit::seccomp::Machine::X86_64, flavour);
  EXPECT_TRUE(plan.ok());
  const auto program = emit::seccomp::generate(*plan);
  EXPECT_TRUE(program.ok());
  Count count;
  auto diagrams = std::make_unique<Diagrams>();
  const auto specification = [&] {
    return *decode::seccomp::policy_answers(source.world, source.container(), decode::seccomp::Machine::X86_64, decoded,
                                            *diagrams);
  };
  auto policy = specification();
  for (std::size_t at = 0; at < program->size(); at += step) {
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
  for (const bool listened : {true, false}) {
    const Count count = judge(source, listened ? emit::seccomp::Flavour::Listened : emit::seccomp::Flavour::Standalone,
                              listened ? decode::seccomp::Flavour::Listened : decode::seccomp::Flavour::Standalone, 1);
    RecordProperty(listened ? "listened_refuted" : "standalone_refuted", static_cast<int>(count.refuted));
    RecordProperty(listened ? "listened_equal" : "standalone_equal", static_cast<int>(count.equal));
    EXPECT_GT(count.refuted, 150u);
    EXPECT_GT(count.allows_more, 20u);
    EXPECT_LT(count.equal * 10, count.refuted) << "few instructions are superfluous";
  }
}

TEST(SeccompMutants, OfTheStandardFilterAreJudgedBySample) {
  FilterWorld source;
  source.standard();
  const Count count = judge(source, emit::seccomp::Flavour::Listened, decode::seccomp::Flavour::Listened, 7);
  EXPECT_GT(count.refuted, 80u);
  EXPECT_GT(count.allows_more, 0u);
}

}  // namespace
}  // namespace bulkhead
