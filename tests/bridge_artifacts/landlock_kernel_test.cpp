// The meaning that the decoder gives a Landlock rule set, held against the kernel: random trees and rule sets, every
// object tried by a confined process. Without the rules every attempt succeeds (first arm), with them as the model
// says.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <random>

#include "runtime-bridge/decode/landlock/landlock.h"
#include "runtime-bridge/table/landlock_access.h"

namespace bulkhead {
namespace {

namespace access = table::landlock;

struct Ruleset {
  std::uint64_t fs, net, scoped;
};
struct __attribute__((packed)) PathRule {
  std::uint64_t access;
  std::int32_t fd;
};

/// Shared with the confined child.
struct Tally {
  long cells = 0, mismatches = 0, allowed = 0;
  char first[512] = {};
};

class Tree {
 public:
  explicit Tree(std::mt19937& random) {
    root = "/tmp/bulkhead-landlock-" + std::to_string(::getpid());
    std::filesystem::create_directories(root);
    folders.push_back(root);
    for (int i = 0; i < 12; ++i) {
      folders.push_back(folders[random() % folders.size()] + "/d" + std::to_string(i));
      ::mkdir(folders.back().c_str(), 0755);
    }
    for (int i = 0; i < 24; ++i) {
      files.push_back(folders[random() % folders.size()] + "/f" + std::to_string(i));
      ::close(::open(files.back().c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0755));
    }
  }
  ~Tree() { std::filesystem::remove_all(root); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  std::string root;
  std::vector<std::string> folders, files;
};

bool opens(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

void cell(Tally& tally, bool expected, bool got, const char* what, const std::string& path) {
  ++tally.cells;
  if (got) ++tally.allowed;
  if (expected != got && tally.mismatches++ == 0)
    std::snprintf(tally.first, sizeof tally.first, "%s %s: model %d", what, path.c_str(), expected);
}

void try_everything(const Tree& tree, const table::Landlock& rules, Tally& tally) {
  const auto on = [&](const std::string& path) { return decode::landlock::rights_on(rules, path); };
  for (const auto& file : tree.files) {
    cell(tally, (on(file) & access::kReadFile) != 0, opens(file, O_RDONLY), "read", file);
    cell(tally, (on(file) & access::kWriteFile) != 0, opens(file, O_WRONLY), "write", file);
    cell(tally, (on(file) & access::kTruncate) != 0, ::truncate(file.c_str(), 0) == 0, "truncate", file);
  }
  for (const auto& folder : tree.folders) {
    cell(tally, (on(folder) & access::kReadDir) != 0, opens(folder, O_RDONLY | O_DIRECTORY), "list", folder);
    const auto made = folder + "/new";
    const bool makes = ::mkdir(made.c_str(), 0755) == 0;
    cell(tally, (on(folder) & access::kMakeDir) != 0, makes, "mkdir", made);
    if (makes) cell(tally, (on(folder) & access::kRemoveDir) != 0, ::rmdir(made.c_str()) == 0, "rmdir", made);
  }
}

/// Whether the rules were installed and everything was tried.
bool run_confined(const Tree& tree, const table::Landlock& rules, Tally& tally) {
  const pid_t child = ::fork();
  if (child == 0) {
    const Ruleset handled{rules.handled_fs, 0, 0};
    const auto set = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof(std::uint64_t), 0));
    if (set < 0) ::_exit(2);
    for (const auto& rule : rules.rules) {
      const PathRule attributes{rule.access, ::open(rule.path.c_str(), O_PATH | O_CLOEXEC)};
      if (::syscall(SYS_landlock_add_rule, set, 1, &attributes, 0) != 0) ::_exit(3);
    }
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::syscall(SYS_landlock_restrict_self, set, 0) != 0) ::_exit(4);
    try_everything(tree, rules, tally);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  for (const auto& folder : tree.folders) ::rmdir((folder + "/new").c_str());
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(LandlockKernel, AgreesWithTheModelOnRandomRuleSets) {
  const auto abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1);
  if (abi < 3) GTEST_SKIP() << "needs landlock: this kernel has none with truncation";
  std::mt19937 random(7);
  const Tree tree(random);
  void* page = ::mmap(nullptr, sizeof(Tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(page, MAP_FAILED);
  auto& tally = *new (page) Tally;
  table::Landlock everything;  // handles nothing: the arm without restriction
  try_everything(tree, everything, tally);
  ASSERT_EQ(tally.mismatches, 0) << tally.first;
  ASSERT_EQ(tally.allowed, tally.cells) << "without rules every attempt succeeds";
  tally = Tally{};
  for (int round = 0; round < 60; ++round) {
    table::Landlock rules;
    rules.handled_fs = access::handled_fs(3) & ~access::kExecute;
    for (auto count = 1 + random() % 8; count > 0; --count) {
      const bool folder = random() % 2 == 0;
      const auto& path =
          folder ? tree.folders[random() % tree.folders.size()] : tree.files[random() % tree.files.size()];
      const auto wanted = random() & rules.handled_fs & (folder ? ~std::uint64_t{0} : access::kOnFiles);
      if (wanted != 0) rules.rules.push_back({path, wanted, table::kNone, !folder});
    }
    ASSERT_TRUE(run_confined(tree, rules, tally)) << round;
    ASSERT_EQ(tally.mismatches, 0) << tally.first;
  }
  EXPECT_GT(tally.allowed, tally.cells / 50) << "some attempts must be granted";
  EXPECT_LT(tally.allowed, tally.cells) << "and some denied";
  ::munmap(page, sizeof(Tally));
}

}  // namespace
}  // namespace bulkhead
