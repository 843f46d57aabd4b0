// Emitted filters against the policy: proved equal over all architectures, numbers and arguments.
#include <gtest/gtest.h>

#include <random>

#include "lang/ir/eval.h"
#include "runtime-bridge/decode/seccomp/policy_answers.h"
#include "runtime-bridge/decode/seccomp/program.h"
#include "runtime-bridge/emit/seccomp/generate.h"
#include "tests/bridge_seccomp/filter_world.h"

namespace bulkhead {
namespace {

using decode::seccomp::Comparison;
using decode::seccomp::Diagrams;
using test::FilterWorld;

struct Setting {
  emit::seccomp::Machine emitted;
  decode::seccomp::Machine decoded;
  emit::seccomp::Flavour emitted_flavour;
  decode::seccomp::Flavour decoded_flavour;
};
constexpr Setting kSettings[] = {
    {emit::seccomp::Machine::X86_64, decode::seccomp::Machine::X86_64, emit::seccomp::Flavour::Listened,
     decode::seccomp::Flavour::Listened},
    {emit::seccomp::Machine::Aarch64, decode::seccomp::Machine::Aarch64, emit::seccomp::Flavour::Listened,
     decode::seccomp::Flavour::Listened},
    {emit::seccomp::Machine::X86_64, decode::seccomp::Machine::X86_64, emit::seccomp::Flavour::Standalone,
     decode::seccomp::Flavour::Standalone},
    {emit::seccomp::Machine::Aarch64, decode::seccomp::Machine::Aarch64, emit::seccomp::Flavour::Standalone,
     decode::seccomp::Flavour::Standalone},
    {emit::seccomp::Machine::X86_64, decode::seccomp::Machine::X86_64, emit::seccomp::Flavour::Contained,
     decode::seccomp::Flavour::Contained},
    {emit::seccomp::Machine::Aarch64, decode::seccomp::Machine::Aarch64, emit::seccomp::Flavour::Contained,
     decode::seccomp::Flavour::Contained},
};

bpf::Program filter_of(const FilterWorld& source, const Setting& setting) {
  const auto plan =
      emit::seccomp::plan_filter(source.world, source.container(), setting.emitted, setting.emitted_flavour);
  EXPECT_TRUE(plan.ok()) << plan.error().reason;
  const auto program = emit::seccomp::generate(*plan);
  EXPECT_TRUE(program.ok()) << program.error().reason;
  return *program;
}

Comparison compared(const bpf::Program& program, const FilterWorld& source, const Setting& setting) {
  Diagrams diagrams;
  const auto policy = decode::seccomp::policy_answers(source.world, source.container(), setting.decoded,
                                                      setting.decoded_flavour, diagrams);
  EXPECT_TRUE(policy.ok()) << policy.error();
  const auto meaning = decode::seccomp::meaning(program, diagrams);
  EXPECT_TRUE(meaning.ok()) << meaning.error();
  return decode::seccomp::compare(*meaning, *policy, diagrams);
}

TEST(SeccompFilter, IsProvedEqualToTheStandardPolicy) {
  FilterWorld source;
  source.standard();
  for (const Setting& setting : kSettings) {
    const bpf::Program program = filter_of(source, setting);
    const Comparison comparison = compared(program, source, setting);
    EXPECT_TRUE(comparison.equal) << describe(comparison, source.world, setting.decoded);
    EXPECT_LT(program.size(), 700u);
  }
}

TEST(SeccompFilter, OtherArchitecturesAndX32AreKilled) {
  FilterWorld source;
  source.standard();
  const bpf::Program program = filter_of(source, kSettings[0]);
  const auto answer = [&](std::uint32_t arch, std::uint32_t number) {
    bpf::Call call;
    call.arch = arch;
    call.number = number;
    return decode::seccomp::interpret(program, call);
  };
  EXPECT_EQ(answer(bpf::kArchX86_64, 0), bpf::kAllow);
  EXPECT_EQ(answer(0x40000003, 0), bpf::kKillProcess) << "i386";
  EXPECT_EQ(answer(bpf::kArchAarch64, 0), bpf::kKillProcess);
  EXPECT_EQ(answer(bpf::kArchX86_64, bpf::kX32Bit), bpf::kKillProcess);
  EXPECT_EQ(answer(bpf::kArchX86_64, bpf::kX32Bit | 5), bpf::kKillProcess);
  EXPECT_EQ(answer(bpf::kArchX86_64, 0xFFFFFFFF), bpf::kNotify);
  EXPECT_EQ(answer(bpf::kArchX86_64, 100000), bpf::kNotify);
  EXPECT_EQ(answer(bpf::kArchX86_64, 257), bpf::kNotify) << "openat is mediated";
  EXPECT_EQ(answer(bpf::kArchX86_64, 435), bpf::kErrno | 38) << "clone3 makes the C library fall back";
  EXPECT_EQ(answer(bpf::kArchX86_64, 169), bpf::kKillProcess) << "reboot";
}

TEST(SeccompFilter, AnswersAreReadAsTheKernelReadsThem) {
  using decode::seccomp::effective_answer;
  EXPECT_EQ(effective_answer(bpf::kAllow | 1), bpf::kAllow) << "data does not hide an ALLOW";
  EXPECT_EQ(effective_answer(bpf::kLog | 7), bpf::kLog);
  EXPECT_EQ(effective_answer(bpf::kNotify | 7), bpf::kNotify);
  EXPECT_EQ(effective_answer(bpf::kKillThread | 7), bpf::kKillThread);
  EXPECT_EQ(effective_answer(bpf::kErrno | 5000), bpf::kErrno | 4095);
  EXPECT_EQ(effective_answer(bpf::kTrap | 5000), bpf::kTrap | 5000);
  EXPECT_EQ(effective_answer(0x12340000), bpf::kKillProcess) << "an action that no kernel knows";
}

TEST(SeccompFilter, ACallThatMayBeLetThroughCountsAsAllowed) {
  FilterWorld source({"read", "ptrace"});
  source.permit({"read"});
  const Setting& standalone = kSettings[2];
  const auto with = [&](std::uint32_t action) {
    bpf::Program program = filter_of(source, standalone);
    for (bpf::Instruction& step : program) {
      if (step.code == bpf::kReturn && step.k == (bpf::kErrno | 1)) step.k = action;
    }
    return compared(program, source, standalone);
  };
  for (const std::uint32_t action :
       {bpf::kAllow, bpf::kAllow | 1, bpf::kLog, bpf::kLog | 9, bpf::kTrace, bpf::kTrace | 3, bpf::kNotify}) {
    EXPECT_TRUE(with(action).allows_more) << bpf::describe(action);
  }
  for (const std::uint32_t action : {bpf::kErrno | 0, bpf::kErrno | 2, bpf::kKillProcess, bpf::kTrap}) {
    const Comparison comparison = with(action);
    EXPECT_FALSE(comparison.equal || comparison.allows_more) << bpf::describe(action);
    EXPECT_FALSE(comparison.only_refuses_more) << "a refused call is answered otherwise: " << bpf::describe(action);
  }
  EXPECT_TRUE(with(bpf::kErrno | 1).equal);
}

TEST(SeccompFilter, APermittedCallThatIsRefusedIsNarrowerOnly) {
  FilterWorld source({"read", "write"});
  source.permit({"read", "write"});
  const bpf::Program wide = filter_of(source, kSettings[2]);
  FilterWorld less({"read", "write"});
  less.permit({"read"});
  const Comparison comparison = compared(filter_of(less, kSettings[2]), source, kSettings[2]);
  EXPECT_TRUE(comparison.only_refuses_more);
  EXPECT_FALSE(comparison.allows_more);
  EXPECT_EQ(comparison.example.number, 1u) << "write";
  EXPECT_TRUE(compared(wide, less, kSettings[2]).allows_more);
}

TEST(SeccompFilter, EveryKindOfConditionIsProvedEqual) {
  const ir::Op ops[] = {ir::Op::Equal,     ir::Op::NotEqual, ir::Op::Less,
                        ir::Op::LessEqual, ir::Op::Greater,  ir::Op::GreaterEqual};
  const std::uint64_t values[] = {0, 1, 0x80000000, 0xFFFFFFFF, 0x100000000, 0x123456789ABCDEF0, ~std::uint64_t{0}};
  const std::uint64_t masks[] = {~std::uint64_t{0}, 0xFFFFFFFF, 0xFFFFFFFF00000000, 0x7e020000, 0};
  for (const ir::Op op : ops) {
    for (const std::uint64_t value : values) {
      FilterWorld source({"read", "fcntl", "socket", "prctl", "personality"});
      const char* const names[] = {"read", "fcntl", "socket", "prctl", "personality"};
      for (std::size_t i = 0; i < 5; ++i) {
        source.permit({names[i]}, source.test(static_cast<unsigned>(i), masks[i], op, value));
      }
      const Comparison comparison = compared(filter_of(source, kSettings[2]), source, kSettings[2]);
      EXPECT_TRUE(comparison.equal) << describe(comparison, source.world, kSettings[2].decoded);
    }
  }
}

TEST(SeccompFilter, OfASetGrowsWithTheSetAndIsProvedEqual) {
  const auto filter_of_first = [](std::size_t count) {
    FilterWorld source({"ioctl"});
    std::vector<ir::ExprId> members;
    for (std::uint64_t i = 0; i < count; ++i) {
      members.push_back(source.test(1, 0xFFFFFFFF, ir::Op::Equal, 0x5401 + 7 * i));
    }
    source.permit({"ioctl"});
    source.forbid({"ioctl"}, source.join(ir::Op::Not, {source.join(ir::Op::Or, members)}));
    const bpf::Program program = filter_of(source, kSettings[2]);
    const Comparison comparison = compared(program, source, kSettings[2]);
    EXPECT_TRUE(comparison.equal) << describe(comparison, source.world, kSettings[2].decoded);
    return program.size();
  };
  const std::size_t few = filter_of_first(20), many = filter_of_first(80);
  EXPECT_LT(many, 5 * few);
}

TEST(SeccompFilter, NestedConditionsAndDenialsAreProvedEqual) {
  FilterWorld source({"read", "clone", "socket", "personality"});
  const auto a = source.test(0, ~std::uint64_t{0}, ir::Op::Less, 7);
  const auto b = source.test(1, 0xFF00, ir::Op::Equal, 0x1200);
  const auto c = source.test(5, ~std::uint64_t{0}, ir::Op::Greater, 0x500000000);
  source.permit({"socket"}, source.join(ir::Op::Or, {source.join(ir::Op::And, {a, b}), source.join(ir::Op::Not, {c})}));
  source.permit({"read"}, source.join(ir::Op::Implies, {a, source.join(ir::Op::And, {b, c})}));
  source.deny({"socket", "read"}, {ir::SyscallAction::Kind::Errno, 22}, b);
  source.deny({"socket"}, {ir::SyscallAction::Kind::Trap, 3});
  source.world.subjects[1].default_denial = {ir::SyscallAction::Kind::Errno, 38};
  for (const Setting& setting : kSettings) {
    const Comparison comparison = compared(filter_of(source, setting), source, setting);
    EXPECT_TRUE(comparison.equal) << describe(comparison, source.world, setting.decoded);
  }
}

TEST(SeccompFilter, WhatAFilterCannotKeepIsRefusedWithTheReason) {
  const auto why = [](auto change, emit::seccomp::Flavour flavour) {
    FilterWorld source({"read", "execveat", "socket"});
    change(source);
    const auto plan =
        emit::seccomp::plan_filter(source.world, source.container(), emit::seccomp::Machine::X86_64, flavour);
    return plan.ok() ? std::string() : plan.error().reason;
  };
  using emit::seccomp::Flavour;
  EXPECT_EQ(why([](FilterWorld& s) { s.permit({"execveat"}, s.test(4, ~std::uint64_t{0}, ir::Op::Equal, 0)); },
                Flavour::Listened),
            "the launcher parks in `execveat`, so its arguments cannot be restricted");
  EXPECT_EQ(why(
                [](FilterWorld& s) {
                  s.deny({"read"}, {ir::SyscallAction::Kind::Log, 0});
                },
                Flavour::Standalone),
            "`log` would let the refused call through");
  EXPECT_EQ(why([](FilterWorld& s) { s.world.subjects[1].default_denial.kind = ir::SyscallAction::Kind::Log; },
                Flavour::Standalone),
            "`log` as the default would let refused calls through");
  EXPECT_EQ(why([](FilterWorld&) {}, Flavour::Listened), "");
}

TEST(SeccompFilter, TheInterpreterAgreesWithTheDiagram) {
  FilterWorld source;
  source.standard();
  std::mt19937_64 random(5);
  for (const Setting& setting : kSettings) {
    const bpf::Program program = filter_of(source, setting);
    Diagrams diagrams;
    const auto meaning = decode::seccomp::meaning(program, diagrams);
    ASSERT_TRUE(meaning.ok());
    for (int i = 0; i < 20000; ++i) {
      bpf::Call call;
      call.arch = i % 50 == 0                                           ? static_cast<std::uint32_t>(random())
                  : setting.decoded == decode::seccomp::Machine::X86_64 ? bpf::kArchX86_64
                                                                        : bpf::kArchAarch64;
      call.number = i % 20 == 0 ? static_cast<std::uint32_t>(random()) : static_cast<std::uint32_t>(random() % 480);
      for (std::uint64_t& argument : call.arguments) argument = random() >> (random() % 64);
      ASSERT_EQ(diagrams.evaluate(*meaning, call), decode::seccomp::interpret(program, call));
    }
  }
}

TEST(SeccompFilter, AgreesWithTheReferenceSemanticsCallByCall) {
  FilterWorld source;
  source.standard();
  const bpf::Program program = filter_of(source, kSettings[2]);
  std::mt19937_64 random(6);
  for (std::size_t i = 0; i < source.world.syscalls.size(); ++i) {
    if (source.world.syscalls[i].x86_64 < 0) continue;
    for (int k = 0; k < 20; ++k) {
      ir::SyscallObject object{ir::SyscallId{i}, {}};
      for (std::uint64_t& argument : object.arguments) argument = random() >> (random() % 64);
      if (k < 8)
        object.arguments = {static_cast<std::uint64_t>(k), k < 4 ? 0x5412u : 0x541cu, static_cast<std::uint64_t>(k)};
      bpf::Call call;
      call.arch = bpf::kArchX86_64;
      call.number = static_cast<std::uint32_t>(source.world.syscalls[i].x86_64);
      std::copy(object.arguments.begin(), object.arguments.end(), call.arguments);
      const bool allowed = ir::decide(source.world, {source.container(), ir::Right::Invoke, object, {}}).allowed;
      ASSERT_EQ(decode::seccomp::interpret(program, call) == bpf::kAllow, allowed) << source.world.syscalls[i].name;
    }
  }
}

}  // namespace
}  // namespace bulkhead
