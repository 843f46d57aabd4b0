// Cgroup version 2, which the machines of the project's own tests offer without controllers: what is written and read
// is held against folders of plain files that look like the kernel's. That the kernel obeys them is not shown here.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "lang/base/file.h"
#include "runtime-bridge/sandbox/cgroup.h"
#include "runtime-bridge/sandbox/process_file.h"

namespace bulkhead::test {
namespace {

using sandbox::Cgroup;
using sandbox::CgroupTree;
using sandbox::Ground;
using sandbox::Step;

class Version2 : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/bulkhead-cgroup-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& file, const std::string& text) const {
    ASSERT_TRUE(write_file(folder_ + "/" + file, text).ok());
  }
  std::string get(const std::string& file) const { return read_file(folder_ + "/" + file, 4096).value(); }
  /// The files that the three controllers have in a group.
  void put_controllers() const {
    for (const char* file : {"memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.max"}) put(file, "");
    put("cgroup.procs", std::to_string(getpid()) + "\n");
    put("memory.events", "low 0\nhigh 0\nmax 7\noom 3\noom_kill 2\n");
    put("memory.peak", "52428800\n");
    put("pids.events", "max 5\n");
  }
  static table::Limits limits() {
    table::Limits limits;
    limits.memory = {50 << 20, true, table::kNone};
    limits.cpu = {500, true, table::kNone};
    limits.pids = {16, true, table::kNone};
    return limits;
  }

  std::string folder_;
};

TEST_F(Version2, LimitsAreWrittenInTheFormOfTheKernel) {
  put_controllers();
  const auto group = Cgroup::take_v2(folder_, limits());
  ASSERT_TRUE(group.ok()) << group.error().message();
  EXPECT_EQ(get("memory.max"), "52428800");
  EXPECT_EQ(get("memory.swap.max"), "0");
  EXPECT_EQ(get("memory.oom.group"), "1") << "the whole group, not one process of it";
  EXPECT_EQ(get("pids.max"), "17") << "the first process is ours";
  EXPECT_EQ(get("cpu.max"), "50000 100000");
  EXPECT_TRUE(group->limits_memory());
  EXPECT_GE(group->into(), 0);
  EXPECT_TRUE(group->tasks().empty());
}

TEST_F(Version2, CountersAreReadFromTheirLines) {
  put_controllers();
  const auto group = Cgroup::take_v2(folder_, limits());
  ASSERT_TRUE(group.ok());
  EXPECT_EQ(group->oom_kills(), 2u) << "not `oom 3`";
  EXPECT_EQ(group->peak_memory(), 52428800u);
  EXPECT_EQ(group->pids_refused(), 5u);
}

TEST_F(Version2, TheReadBackRefusesWhatIsWiderThanTheLimit) {
  put_controllers();
  const auto group = Cgroup::take_v2(folder_, limits());
  ASSERT_TRUE(group.ok());
  EXPECT_TRUE(group->verify({getpid()}, limits()).ok());
  for (const auto& [file, wider] :
       {std::pair{"memory.max", "52432896"}, {"pids.max", "18"}, {"cpu.max", "50001 100000"}}) {
    const std::string before = get(file);
    put(file, wider);
    const auto read = group->verify({getpid()}, limits());
    ASSERT_FALSE(read.ok()) << file;
    EXPECT_EQ(read.error().step, Step::ReadLimits);
    put(file, before);
  }
  put("memory.max", "max");
  EXPECT_FALSE(group->verify({getpid()}, limits()).ok()) << "no limit at all";
}

TEST_F(Version2, TheReadBackRefusesAProcessOutsideOfTheGroup) {
  put_controllers();
  const auto group = Cgroup::take_v2(folder_, limits());
  ASSERT_TRUE(group.ok());
  EXPECT_FALSE(group->verify({getpid(), 1}, limits()).ok());
}

TEST_F(Version2, AControllerThatIsNotThereIsARefusalThatNamesIt) {
  for (const auto& [missing, step] : {std::pair{"memory.max", Step::LimitMemory},
                                      {"memory.oom.group", Step::LimitMemory},
                                      {"pids.max", Step::LimitProcesses},
                                      {"cpu.max", Step::LimitCpu}}) {
    put_controllers();
    std::filesystem::remove(folder_ + "/" + missing);
    const auto group = Cgroup::take_v2(folder_, limits());
    ASSERT_FALSE(group.ok()) << missing;
    EXPECT_EQ(group.error().step, step);
    EXPECT_NE(group.error().message().find(missing), std::string::npos);
  }
}

/// A hierarchy of plain files with the caller in `user.slice`.
struct Hierarchy {
  explicit Hierarchy(std::string top) : folder(std::move(top)) {
    std::filesystem::create_directory(folder + "/user.slice");
    for (const char* group : {"", "/user.slice"}) {
      put(group, "cgroup.procs", "");
      put(group, "cgroup.subtree_control", "");
      put(group, "cgroup.controllers", "cpuset cpu io memory hugetlb pids\n");
    }
    put("/user.slice", "cgroup.type", "domain\n");
  }
  void put(const std::string& group, const std::string& file, const std::string& text) const {
    EXPECT_TRUE(write_file(folder + group + "/" + file, text).ok());
  }
  CgroupTree tree() const {
    return sandbox::find_cgroups("0::/user.slice\n", "24 1 0:22 / /proc rw - proc proc rw\n30 1 0:26 / " + folder +
                                                         " rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n");
  }
  sandbox::UnifiedGround ground(bool privileged = false) const { return sandbox::find_ground(tree(), privileged); }
  std::string own() const { return folder + "/user.slice"; }

  std::string folder;
};

TEST_F(Version2, AGroupThatHandsTheControllersDownIsReady) {
  const Hierarchy hierarchy(folder_);
  hierarchy.put("/user.slice", "cgroup.subtree_control", "cpuset cpu io memory pids\n");
  EXPECT_EQ(hierarchy.tree().unified, hierarchy.own());
  EXPECT_EQ(hierarchy.tree().unified_root, folder_);
  EXPECT_EQ(hierarchy.tree().memory, "");
  EXPECT_EQ(hierarchy.ground().ground, Ground::Ready);
  EXPECT_EQ(hierarchy.ground().parent, hierarchy.own());
  hierarchy.put("/user.slice", "cgroup.subtree_control", "cpuset memory pids\n");
  hierarchy.put("/user.slice", "cgroup.controllers", "cpuset memory pids\n");
  EXPECT_EQ(hierarchy.ground().ground, Ground::None) << "cpuset is not cpu";
}

TEST_F(Version2, RootMakesItsGroupsAtTheTopOfTheHierarchy) {
  const Hierarchy hierarchy(folder_);
  hierarchy.put("/user.slice", "cgroup.procs", "1\n" + std::to_string(getpid()) + "\n");
  EXPECT_EQ(hierarchy.ground(false).ground, Ground::None);
  EXPECT_EQ(hierarchy.ground(true).ground, Ground::Enable);
  EXPECT_EQ(hierarchy.ground(true).parent, folder_);
  hierarchy.put("", "cgroup.subtree_control", "cpu memory pids\n");
  EXPECT_EQ(hierarchy.ground(true).ground, Ground::Ready);
  // In a container the top is a group like others, which hands nothing down while processes are in it.
  hierarchy.put("", "cgroup.subtree_control", "");
  hierarchy.put("", "cgroup.type", "domain\n");
  hierarchy.put("", "cgroup.procs", "1\n");
  EXPECT_EQ(hierarchy.ground(true).ground, Ground::None);
}

TEST_F(Version2, AProcessThatIsAloneInItsGroupMovesIntoALeafAndBack) {
  const Hierarchy hierarchy(folder_);
  const std::string self = std::to_string(getpid());
  hierarchy.put("/user.slice", "cgroup.procs", self + "\n");
  ASSERT_EQ(hierarchy.ground().ground, Ground::Vacate);
  table::Table table;
  table.limits = limits();
  std::vector<std::string> degraded;
  // Folders of plain files get no files of their own, so the leaf refuses the move, and nothing of it remains.
  const auto group = Cgroup::create(table, hierarchy.tree(), "run", Step::None, degraded);
  ASSERT_FALSE(group.ok());
  EXPECT_NE(group.error().message().find("-supervisor/cgroup.procs"), std::string::npos) << group.error().message();
  for (const auto& entry : std::filesystem::directory_iterator(hierarchy.own()))
    EXPECT_FALSE(entry.is_directory()) << entry.path();
  EXPECT_EQ(sandbox::numbers_in(hierarchy.own() + "/cgroup.procs"), std::vector<std::uint64_t>{std::stoull(self)});
}

TEST_F(Version2, AGroupThatOffersNothingIsNoGround) {
  const Hierarchy hierarchy(folder_);
  hierarchy.put("", "cgroup.controllers", "");
  hierarchy.put("/user.slice", "cgroup.controllers", "");
  EXPECT_EQ(hierarchy.ground(true).ground, Ground::None);
  table::Table table;
  table.limits = limits();
  std::vector<std::string> degraded;
  const auto group = Cgroup::create(table, hierarchy.tree(), "run", Step::None, degraded);
  ASSERT_FALSE(group.ok());
  EXPECT_EQ(group.error().step, Step::CreateCgroup);
  EXPECT_NE(group.error().message().find("Delegate=yes"), std::string::npos) << group.error().message();
  table.degrade = {"memory:rlimit"};
  EXPECT_TRUE(Cgroup::create(table, hierarchy.tree(), "run", Step::None, degraded).ok());
  EXPECT_EQ(degraded, (std::vector<std::string>{"memory:rlimit"}));
}

// A sandbox once lost its program because another run could not read, for a moment, whether its supervisor lived.
TEST_F(Version2, AnOwnerIsDeadOnlyWhenThatIsCertain) {
  const std::string name = sandbox::group_name("run");
  ASSERT_NE(name, "");
  EXPECT_FALSE(sandbox::owner_is_dead(name));
  const std::string pid = std::to_string(::getpid());
  const auto judged = [&](const std::string& subject) { return sandbox::owner_is_dead(subject, folder_); };
  EXPECT_TRUE(judged(name)) << "no such process";
  std::filesystem::create_directories(folder_ + "/" + pid + "/stat");
  EXPECT_FALSE(judged(name)) << "its state cannot be read";
  std::filesystem::remove(folder_ + "/" + pid + "/stat");
  put(pid + "/stat", "");
  EXPECT_FALSE(judged(name)) << "its state says nothing";
  const std::string state = sandbox::read_process_file("/proc/self/stat");
  put(pid + "/stat", state);
  EXPECT_FALSE(judged(name));
  const std::string started = " " + std::to_string(sandbox::own_start_time()) + " ";
  put(pid + "/stat", std::string(state).replace(state.find(started), started.size(), " 7 "));
  EXPECT_TRUE(judged(name)) << "another process has its number";
}

TEST_F(Version2, AGroupOfAnotherPidNamespaceOrAnotherMakerIsLeftAlone) {
  struct stat space {};
  ASSERT_EQ(::stat("/proc/self/ns/pid", &space), 0);
  const std::string ours = std::to_string(space.st_ino);
  EXPECT_TRUE(sandbox::owner_is_dead("bulkhead-77-1-" + ours + "-run", folder_));
  for (const std::string& name :
       {"bulkhead-77-1-" + ours + "1-run", std::string("bulkhead-77-1-run"), "bulkhead-0-1-" + ours + "-run",
        "bulkhead-x-1-" + ours + "-run", "bulkhead-77-" + ours, "other-77-1-" + ours + "-run", std::string("bulkhead-"),
        "bulkhead-99999999999999999999-1-" + ours + "-run"}) {
    EXPECT_FALSE(sandbox::owner_is_dead(name, folder_)) << name;
  }
}

TEST_F(Version2, AMemberThatOtherNamespacesHideIsNotOurOwnProcessGroup) {
  put("cgroup.procs", "0\n1\n-1\n99999999999\n");
  sandbox::kill_members(folder_);  // kill(0) would end this test, kill(-1) the machine
  SUCCEED();
}

TEST(CgroupTrees, ControllersOfVersion1AreTakenByNameNotByPrefix) {
  const CgroupTree tree = sandbox::find_cgroups("3:cpuset:/a\n2:cpu,cpuacct:/b\n4:memory:/c\n0::/\n",
                                                "31 1 0:27 / /cg/cpuset rw - cgroup cgroup rw,cpuset\n"
                                                "32 1 0:28 / /cg/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
                                                "33 1 0:29 /c /cg/memory rw - cgroup cgroup rw,memory\n");
  EXPECT_EQ(tree.cpu, "/cg/cpu/b");
  EXPECT_EQ(tree.memory, "/cg/memory") << "the mount shows the caller's own subtree";
  EXPECT_EQ(tree.pids, "");
}

}  // namespace
}  // namespace bulkhead::test
