// Filters that somebody else generated, read by this decoder; and this machine's kernel against the interpreter.
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "runtime-bridge/decode/seccomp/policy_answers.h"
#include "runtime-bridge/decode/seccomp/program.h"
#include "runtime-bridge/emit/seccomp/generate.h"
#include "tests/bridge_seccomp/filter_world.h"

namespace bulkhead {
namespace {

using decode::seccomp::Diagrams;
using test::FilterWorld;

/// The macros of libseccomp are C.
scmp_arg_cmp compared(unsigned argument, scmp_compare how, scmp_datum_t first, scmp_datum_t second = 0) {
  return {argument, how, first, second};
}

bpf::Program exported(scmp_filter_ctx context) {
  const int fd = memfd_create("filter", 0);
  EXPECT_EQ(seccomp_export_bpf(context, fd), 0);
  std::string bytes(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)), '\0');
  EXPECT_EQ(pread(fd, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  close(fd);
  const auto program = bpf::from_bytes(bytes);
  EXPECT_TRUE(program.has_value());
  return program.value_or(bpf::Program{});
}

FilterWorld policy() {
  FilterWorld source({"read", "write", "fcntl", "socket", "clone", "personality", "exit_group"});
  source.permit({"read", "write", "exit_group"});
  source.permit({"fcntl"}, source.test(1, ~std::uint64_t{0}, ir::Op::LessEqual, 16));
  source.permit({"clone"}, source.test(0, 0x7e020000, ir::Op::Equal, 0));
  source.permit({"socket"}, source.test(0, ~std::uint64_t{0}, ir::Op::Equal, 1));
  source.permit({"socket"}, source.test(0, ~std::uint64_t{0}, ir::Op::Equal, 2));
  source.permit({"personality"}, source.test(0, ~std::uint64_t{0}, ir::Op::Greater, 0x100000000));
  return source;
}

class Libseccomp : public ::testing::TestWithParam<unsigned> {};

TEST_P(Libseccomp, ItsFilterIsProvedToMeanThePolicy) {
  const scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, GetParam());
  for (const int number : {SYS_read, SYS_write, SYS_exit_group}) seccomp_rule_add(context, SCMP_ACT_ALLOW, number, 0);
  seccomp_rule_add(context, SCMP_ACT_ALLOW, SYS_fcntl, 1, compared(1, SCMP_CMP_LE, 16));
  seccomp_rule_add(context, SCMP_ACT_ALLOW, SYS_clone, 1, compared(0, SCMP_CMP_MASKED_EQ, 0x7e020000, 0));
  seccomp_rule_add(context, SCMP_ACT_ALLOW, SYS_socket, 1, compared(0, SCMP_CMP_EQ, 1));
  seccomp_rule_add(context, SCMP_ACT_ALLOW, SYS_socket, 1, compared(0, SCMP_CMP_EQ, 2));
  seccomp_rule_add(context, SCMP_ACT_ALLOW, SYS_personality, 1, compared(0, SCMP_CMP_GT, 0x100000000));
  const bpf::Program program = exported(context);
  seccomp_release(context);

  Diagrams diagrams;
  const FilterWorld source = policy();
  const auto answers =
      decode::seccomp::policy_answers(source.world, source.container(), decode::seccomp::Machine::X86_64,
                                      decode::seccomp::Flavour::Standalone, diagrams);
  ASSERT_TRUE(answers.ok());
  const auto meaning = decode::seccomp::meaning(program, diagrams);
  ASSERT_TRUE(meaning.ok()) << meaning.error();
  // libseccomp kills the thread where Bulkhead kills the process; on its own architecture the answers are the same.
  const auto native = diagrams.both(diagrams.equal(diagrams.word(bpf::kArchOffset), bpf::kArchX86_64),
                                    diagrams.less(diagrams.word(bpf::kNumberOffset), bpf::kX32Bit));
  const auto different = diagrams.both(native, diagrams.difference(*meaning, answers->expected));
  EXPECT_EQ(different, diagrams.no());
  EXPECT_FALSE(compare(*meaning, *answers, diagrams).allows_more);

  std::mt19937_64 random(GetParam());
  for (int i = 0; i < 20000; ++i) {
    bpf::Call call;
    call.arch = bpf::kArchX86_64;
    call.number = static_cast<std::uint32_t>(random() % 300);
    for (std::uint64_t& argument : call.arguments) argument = random() >> (random() % 64);
    ASSERT_EQ(diagrams.evaluate(*meaning, call), decode::seccomp::interpret(program, call));
  }
}
INSTANTIATE_TEST_SUITE_P(LinearAndTree, Libseccomp, ::testing::Values(1u, 2u));

TEST(SeccompKernel, AnswersSampledCallsAsTheInterpreterDoes) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "needs x86: the filter is for x86-64";
#endif
  FilterWorld source(
      {"read", "write", "getppid", "personality", "prctl", "socket", "exit_group", "getpgid", "rt_sigreturn"});
  source.permit({"write", "exit_group", "rt_sigreturn"});
  source.permit({"getpgid"}, source.test(0, ~std::uint64_t{0}, ir::Op::Less, 0x100000001));
  source.permit({"personality"}, source.test(0, 0xffffffff, ir::Op::Equal, 0xffffffff));
  source.permit({"socket"}, source.test(0, ~std::uint64_t{0}, ir::Op::Equal, 1));
  source.deny({"getppid"}, {ir::SyscallAction::Kind::Errno, 77});
  source.world.subjects[1].default_denial = {ir::SyscallAction::Kind::Errno, 99};
  const auto plan = emit::seccomp::plan_filter(source.world, source.container(), emit::seccomp::Machine::X86_64,
                                               emit::seccomp::Flavour::Standalone);
  ASSERT_TRUE(plan.ok());
  const auto program = emit::seccomp::generate(*plan);
  ASSERT_TRUE(program.ok());

  struct Sample {
    long number;
    unsigned long first;
  };
  const Sample samples[] = {{SYS_getppid, 0},
                            {SYS_getpgid, 0},
                            {SYS_getpgid, 0x100000000},
                            {SYS_getpgid, 0x100000001},
                            {SYS_getpgid, ~0ul},
                            {SYS_personality, 0xffffffff},
                            {SYS_personality, 0},
                            {SYS_socket, 1},
                            {SYS_socket, 0x100000001},
                            {SYS_socket, 16},
                            {SYS_getuid, 0},
                            {SYS_read, 0},
                            {1000, 0}};
  int results[2];
  ASSERT_EQ(pipe(results), 0);
  const pid_t child = fork();
  if (child == 0) {
    std::vector<sock_filter> filter;
    for (const bpf::Instruction& step : *program)
      filter.push_back({step.code, step.jump_true, step.jump_false, step.k});
    const sock_fprog loaded{static_cast<unsigned short>(filter.size()), filter.data()};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &loaded) != 0)
      _exit(9);
    for (const Sample& sample : samples) {
      const long result = syscall(sample.number, sample.first, 1, 0, 0, 0, 0);
      const int error = result < 0 ? errno : 0;
      if (write(results[1], &error, sizeof error) != sizeof error) _exit(8);
    }
    _exit(0);
  }
  close(results[1]);
  for (const Sample& sample : samples) {
    int error = -1;
    ASSERT_EQ(read(results[0], &error, sizeof error), static_cast<ssize_t>(sizeof error)) << "the child ended early";
    bpf::Call call;
    call.arch = bpf::kArchX86_64;
    call.number = static_cast<std::uint32_t>(sample.number);
    call.arguments[0] = sample.first;
    call.arguments[1] = 1;
    const std::uint32_t answer = decode::seccomp::interpret(*program, call);
    const bool refused = error == 77 || error == 99;
    EXPECT_EQ(refused, answer != bpf::kAllow) << sample.number << " " << sample.first;
    if (refused) {
      EXPECT_EQ(answer, bpf::kErrno | static_cast<std::uint32_t>(error));
    }
  }
  close(results[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace bulkhead
