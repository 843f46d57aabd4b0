// Filters for the kernel inside gVisor: nobody is notified, and where nothing may be executed no exec passes.
#include <gtest/gtest.h>

#include "runtime-bridge/decode/seccomp/policy_answers.h"
#include "runtime-bridge/decode/seccomp/program.h"
#include "runtime-bridge/emit/seccomp/generate.h"
#include "runtime-bridge/sandbox/filter.h"
#include "runtime-bridge/sandbox/maximum_filter.h"
#include "runtime-bridge/sandbox/maximum_orders.h"
#include "tests/bridge_seccomp/filter_world.h"

namespace bulkhead {
namespace {

using decode::seccomp::Diagrams;
using emit::seccomp::Flavour;
using emit::seccomp::Machine;
using test::FilterWorld;

constexpr std::uint32_t kExecve = 59, kExecveat = 322;

void may_execute(FilterWorld& source) {
  ir::Rule rule;
  rule.subject = source.container();
  rule.rights = ir::Right::Execute;
  rule.plane = ir::Plane::File;
  rule.objects.everything = true;
  source.world.rules.push_back(rule);
}

bpf::Program emitted(const FilterWorld& source, Flavour flavour = Flavour::Contained) {
  const auto plan = emit::seccomp::plan_filter(source.world, source.container(), Machine::X86_64, flavour);
  EXPECT_TRUE(plan.ok());
  return *emit::seccomp::generate(*plan);
}

decode::seccomp::Comparison compared(const bpf::Program& program, const FilterWorld& source) {
  Diagrams diagrams;
  const auto policy =
      decode::seccomp::policy_answers(source.world, source.container(), Machine::X86_64, Flavour::Contained, diagrams);
  const auto meaning = decode::seccomp::meaning(program, diagrams);
  EXPECT_TRUE(policy.ok() && meaning.ok());
  return decode::seccomp::compare(*meaning, *policy, diagrams);
}

std::uint32_t answer(const bpf::Program& program, std::uint32_t number) {
  bpf::Call call;
  call.arch = bpf::kArchX86_64;
  call.number = number;
  return decode::seccomp::interpret(program, call);
}

TEST(ContainedFilter, ExecutesNothingWhereThePolicyExecutesNothing) {
  FilterWorld source;
  source.standard();
  const bpf::Program program = emitted(source);
  EXPECT_TRUE(compared(program, source).equal);
  Diagrams diagrams;
  const auto meaning = decode::seccomp::meaning(program, diagrams);
  ASSERT_TRUE(meaning.ok());
  EXPECT_EQ(decode::seccomp::execution_unseen(*meaning, Machine::X86_64, diagrams), diagrams.no());
  EXPECT_EQ(answer(program, kExecve), bpf::kErrno | 13);
  EXPECT_EQ(answer(program, kExecveat), bpf::kErrno | 13);

  may_execute(source);
  const bpf::Program granted = emitted(source);
  EXPECT_TRUE(compared(granted, source).equal);
  EXPECT_EQ(answer(granted, kExecve), bpf::kAllow);
  EXPECT_FALSE(compared(program, source).equal) << "a filter of another policy";
}

TEST(ContainedFilter, ARuleOfAnotherSubjectGrantsNoExec) {
  FilterWorld source;
  source.standard();
  may_execute(source);
  source.world.rules.back().subject = ir::SubjectId{0};
  EXPECT_EQ(answer(emitted(source), kExecve), bpf::kErrno | 13);
  source.world.rules.back().subject = source.container();
  source.world.rules.back().effect = ir::Effect::Forbid;
  EXPECT_EQ(answer(emitted(source), kExecve), bpf::kErrno | 13);
}

TEST(ContainedFilter, SaysWhatTheListenerWouldSayAndNotifiesNobody) {
  FilterWorld source;
  source.standard();
  const bpf::Program program = emitted(source);
  for (const bpf::Instruction& step : program) EXPECT_FALSE(step.code == bpf::kReturn && step.k == bpf::kNotify);
  EXPECT_EQ(answer(program, 257), bpf::kAllow) << "openat: the mounts decide";
  EXPECT_EQ(answer(program, 101), bpf::kErrno | 1) << "ptrace";
  EXPECT_EQ(answer(program, 435), bpf::kErrno | 38) << "clone3 makes the C library fall back";
  EXPECT_EQ(answer(program, 100000), bpf::kErrno | 38) << "a number without a name";
  EXPECT_EQ(answer(program, 169), bpf::kKillProcess) << "reboot";
  source.world.subjects[1].default_denial = {ir::SyscallAction::Kind::Notify, 0};
  const bpf::Program unheard = emitted(source);
  EXPECT_EQ(answer(unheard, 101), bpf::kErrno | 1);
  EXPECT_TRUE(compared(unheard, source).equal);
}

TEST(ContainedFilter, IsTriedWithCallsThatItRefuses) {
  FilterWorld source;
  source.standard();
  table::Table table;
  (bpf::kNativeMachine == Machine::X86_64 ? table.filter_x86_64 : table.filter_aarch64) =
      bpf::to_bytes(emitted(source));
  const auto filter = sandbox::contained_filter(table);
  ASSERT_TRUE(filter.ok());
  ASSERT_GE(filter->trials.size(), 10u);
  ASSERT_LE(filter->trials.size(), sandbox::kMaxTrials);
  EXPECT_EQ(filter->trials[0].number, kExecve);
  EXPECT_EQ(filter->trials[1].number, kExecveat);
  for (const auto& trial : filter->trials)
    EXPECT_EQ(answer(emitted(source), trial.number), bpf::kErrno | trial.error) << trial.number;
  EXPECT_EQ(sandbox::expected_trials(*filter).front(), "filter 59 13");
}

TEST(ContainedFilter, OneThatNeedsAListenerIsRefused) {
  FilterWorld source;
  source.standard();
  table::Table table;
  table.filter_x86_64 = table.filter_aarch64 = bpf::to_bytes(emitted(source, Flavour::Listened));
  const auto listened = sandbox::contained_filter(table);
  ASSERT_FALSE(listened.ok());
  EXPECT_NE(listened.error().message().find("nobody listens"), std::string::npos) << listened.error().message();
  table.filter_x86_64 = table.filter_aarch64 =
      bpf::to_bytes(bpf::Program(sandbox::kMaxFilterLength, {bpf::kReturn, 0, 0, bpf::kAllow}));
  EXPECT_FALSE(sandbox::contained_filter(table).ok()) << "no room for the start";
}

}  // namespace
}  // namespace bulkhead
