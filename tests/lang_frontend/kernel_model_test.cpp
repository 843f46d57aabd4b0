// models/linux.bh is complete: held against libseccomp's table and the kernel's headers.
#include <gmock/gmock.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

const ir::World& linux_world() {
  static const Loaded loaded = load_text("import linux;");
  EXPECT_TRUE(loaded.program.has_value()) << loaded.text();
  return loaded.program->world;
}

using Numbers = std::map<std::string, int>;

Numbers numbers_of_libseccomp(std::uint32_t arch) {
  Numbers numbers;
  for (int number = 0; number < 1024; ++number) {
    char* name = seccomp_syscall_resolve_num_arch(arch, number);
    if (name == nullptr) continue;
    numbers[name] = number;
    std::free(name);
  }
  return numbers;
}

Numbers numbers_of_model(bool x86_64) {
  Numbers numbers;
  for (const ir::Syscall& call : linux_world().syscalls) {
    const int number = x86_64 ? call.x86_64 : call.aarch64;
    if (number >= 0) numbers[call.name] = number;
  }
  return numbers;
}

TEST(KernelModel, KnowsEveryCallOfLibseccompByTheSameNumber) {
  for (const bool x86_64 : {true, false}) {
    const Numbers model = numbers_of_model(x86_64);
    const Numbers library = numbers_of_libseccomp(x86_64 ? SCMP_ARCH_X86_64 : SCMP_ARCH_AARCH64);
    ASSERT_GT(library.size(), 300u);
    for (const auto& [name, number] : library) {
      const auto found = model.find(name);
      ASSERT_NE(found, model.end()) << name;
      EXPECT_EQ(found->second, number) << name;
    }
    // What the model has beyond the library is newer than it, and nothing else.
    for (const auto& [name, number] : model) {
      if (library.count(name) == 0) {
        EXPECT_TRUE(number > 450 || number == 335 || number == 336) << name;
      }
    }
  }
}

TEST(KernelModel, KnowsTheCallsOfTheHeadersOfThisMachine) {
#ifdef __x86_64__
  const Numbers model = numbers_of_model(true);
#else
  const Numbers model = numbers_of_model(false);
#endif
  EXPECT_EQ(model.at("read"), SYS_read);
  EXPECT_EQ(model.at("openat"), SYS_openat);
  EXPECT_EQ(model.at("process_mrelease"), SYS_process_mrelease);
  EXPECT_EQ(model.at("futex_waitv"), SYS_futex_waitv);
}

TEST(KernelModel, PutsEachCallInExactlyOneSet) {
  const ir::World& world = linux_world();
  std::vector<int> times(world.syscalls.size(), 0);
  for (const ir::ObjectSet& set : world.sets) {
    for (const ir::SyscallId call : set.patterns.syscalls) ++times[call.index()];
  }
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(times[i], 1) << world.syscalls[i].name;
}

TEST(KernelModel, HasEveryKernelCapability) {
  const ir::World& world = linux_world();
  ASSERT_EQ(world.capability_names.size(), 41u);
  EXPECT_GE(CAP_LAST_CAP, 40);
  EXPECT_EQ(world.capability_names[CAP_CHOWN], "chown");
  EXPECT_EQ(world.capability_names[CAP_SYS_ADMIN], "sys_admin");
  EXPECT_EQ(world.capability_names[CAP_CHECKPOINT_RESTORE], "checkpoint_restore");
  EXPECT_EQ(std::count(world.capability_names.begin(), world.capability_names.end(), ""), 0);
}

std::set<std::string> calls_of(const std::string& name) {
  const ir::World& world = linux_world();
  std::set<std::string> calls;
  for (const ir::ObjectSet& set : world.sets) {
    if (set.name != name) continue;
    for (const ir::SyscallId call : set.patterns.syscalls) calls.insert(world.at(call).name);
  }
  return calls;
}

TEST(KernelModel, KeepsDangerousCallsOutOfTheBasicSet) {
  const std::set<std::string> basic = calls_of("basic");
  for (const char* name :
       {"ptrace", "process_vm_readv", "process_vm_writev", "bpf", "userfaultfd", "io_uring_setup", "io_uring_enter",
        "io_uring_register", "add_key", "request_key", "keyctl", "perf_event_open", "ioctl"}) {
    EXPECT_EQ(basic.count(name), 0u) << name;
  }
  for (const char* name : {"futex", "getrandom", "mmap", "prlimit64", "rseq", "sigaltstack", "getdents64", "lseek"}) {
    EXPECT_EQ(basic.count(name), 1u) << name;
  }
}

const ir::Subject& subject_named(const ir::World& world, const std::string& name) {
  return *std::find_if(world.subjects.begin(), world.subjects.end(), [&](const auto& s) { return s.name == name; });
}

TEST(Profiles, GiveTheThreeLevelsWithTheirDefaults) {
  const Loaded loaded = load_text(
      "import profiles; container A uses standard { } container B uses enhanced { } container C uses maximum { }");
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  const ir::World& world = loaded.program->world;
  EXPECT_EQ(subject_named(world, "A").level, ir::Level::Standard);
  EXPECT_EQ(subject_named(world, "B").level, ir::Level::Enhanced);
  EXPECT_EQ(subject_named(world, "C").level, ir::Level::Maximum);
  for (const char* name : {"A", "B", "C"}) {
    const ir::Subject& subject = subject_named(world, name);
    EXPECT_TRUE(subject.rootfs_readonly);
    EXPECT_EQ(subject.limits.memory->amount, 256u << 20);
    EXPECT_EQ(subject.limits.cpu->amount, 1000u);
    for (const ir::NamespaceSetting& space : subject.namespaces) {
      EXPECT_EQ(space.mode, ir::NamespaceSetting::Mode::Private);
      EXPECT_TRUE(space.sentence.valid());
    }
    ASSERT_FALSE(subject.denials.empty());
    EXPECT_EQ(subject.denials.front().action.value, 38);  // ENOSYS: libc falls back from clone3 to clone
  }
}

}  // namespace
}  // namespace bulkhead::test
