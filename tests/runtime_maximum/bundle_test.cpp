#include "runtime-bridge/sandbox/maximum_bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "lang/base/file.h"
#include "runtime-bridge/sandbox/maximum_config.h"
#include "runtime-bridge/sandbox/maximum_container.h"

namespace bulkhead::sandbox {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class BundlePlanning : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "bulkhead-bundle-XXXXXX").string();
    folder_ = fs::canonical(mkdtemp(pattern.data()));
    fs::create_directory(folder_ + "/sub");
    for (const char* name : {"/a", "/b", "/sub/c"}) ASSERT_TRUE(write_file(folder_ + name, "x").ok());
    fs::create_symlink("/etc/passwd", folder_ + "/link");
    table_.volumes = {{"own", "", 0}, {"host", "", 0}, {"data", folder_, 0}};
    table_.mounts = {{2, "/data", false, 0}};
    options_.command = {"/usr/bin/true"};
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::vector<std::string> targets() const {
    std::vector<std::string> out;
    const auto plan = plan_bundle(table_, options_);
    for (const BundleMount& mount : plan.value().mounts) {
      if (mount.target != "/tmp")
        out.push_back(mount.target + (mount.writable ? " rw" : " ro") + (mount.executable ? " x" : ""));
    }
    return out;
  }
  std::string folder_;
  table::Table table_;
  RunOptions options_;
};

TEST_F(BundlePlanning, WithoutAGrantNothingOfTheVolumeIsThere) {
  EXPECT_THAT(targets(), ::testing::IsEmpty());
}

TEST_F(BundlePlanning, AVolumeIsCutToWhatTheRulesGrant) {
  table_.landlock.rules = {
      {"/data/a", 4, 0}, {"/data/sub", 4 | 8 | 2, 0}, {"/data/absent", 4, 0}, {"/data/link", 4, 0}};
  EXPECT_THAT(targets(), ::testing::ElementsAre("/data/a ro", "/data/sub rw"));
  table_.mounts[0].readonly = true;
  EXPECT_THAT(targets(), ::testing::ElementsAre("/data/a ro", "/data/sub ro"));
  table_.landlock.rules.push_back({"/data", 4 | 8 | 1, 0});
  EXPECT_THAT(targets(), ::testing::Contains("/data ro x"));
}

TEST_F(BundlePlanning, AMoreGenerousPartIsMountedInsideAWholeVolume) {
  table_.landlock.rules = {{"/data", 4 | 8, 0}, {"/data/sub", 2, 0}, {"/data/a", 4, 0}};
  EXPECT_THAT(targets(), ::testing::ElementsAre("/data ro", "/data/sub rw"));
}

TEST_F(BundlePlanning, WritingWithoutReadingIsRefused) {
  table_.landlock.rules = {{"/data/a", 2, 0}};
  EXPECT_FALSE(plan_bundle(table_, options_).ok());
}

TEST_F(BundlePlanning, PathsMapBothWaysAndThroughOwnLinks) {
  table_.landlock.rules = {{"/data", 4 | 8, 0}};
  auto planned = plan_bundle(table_, options_);
  BundlePlan plan = std::move(planned).value();
  plan.links = {{"/lib", "usr/lib"}};
  EXPECT_EQ(host_path(plan, "/data/sub/c"), folder_ + "/sub/c");
  EXPECT_EQ(inside_path(plan, folder_ + "/a"), "/data/a");
  EXPECT_EQ(inside_path(plan, "/elsewhere"), "");
  EXPECT_EQ(through_links(plan, "/lib/x"), "/usr/lib/x");
  EXPECT_EQ(through_links(plan, "/library"), "/library");
}

TEST_F(BundlePlanning, TheConfigurationQuotesPathsAndRefusesWhatJsonCannotSay) {
  auto planned = plan_bundle(table_, options_);
  BundlePlan plan = std::move(planned).value();
  plan.arguments.push_back("a\"b\\c\n");
  EXPECT_THAT(oci_config(table_, plan, "/root").value(), HasSubstr("\"a\\\"b\\\\c\\u000a\""));
  plan.arguments.push_back("\xff");
  EXPECT_FALSE(oci_config(table_, plan, "/root").ok());
}

TEST_F(BundlePlanning, TheReportFromInsideMustBeWhatTheBundleSays) {
  table_.landlock.rules = {{"/data", 4 | 8, 0}};
  auto plan = plan_bundle(table_, options_);
  plan->user = plan->group = 7;
  const std::string good =
      "fd 0\nfd 1\nfd 2\nmount none / 9p rw 0 0\nmount none /data 9p ro,trans=fd 0 0\n"
      "status CapInh:\t0000\nstatus CapPrm:\t0000\nstatus CapEff:\t0000\nstatus CapBnd:\t0000\n"
      "net Inter-|   Receive\nnet     lo: 0\nid 7 7\nsentinel write 13\n"
      "sentinel rename 1\nsentinel link 1\nsentinel connect 113\nfilter 59 13\nfilter 101 1\npark\n";
  const std::vector<std::string> trials{"filter 59 13", "filter 101 1"};
  EXPECT_TRUE(verify_report(good, *plan, table_, trials).ok());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = good;
    return changed.replace(changed.find(from), from.size(), to);
  };
  for (const auto& [from, to] :
       {std::pair{"fd 2\n", "fd 2\nfd 3\n"}, std::pair{"/data 9p ro", "/data 9p rw"},
        std::pair{"none /data", "none /etc"}, std::pair{"CapEff:\t0000", "CapEff:\t0001"},
        std::pair{"id 7 7", "id 0 0"}, std::pair{"net     lo:", "net   eth0:"},
        std::pair{"sentinel write 13", "sentinel write 0"}, std::pair{"fd 1\n", ""},
        std::pair{"sentinel connect 113\n", ""}, std::pair{"sentinel rename 1", "sentinel rename 2"},
        std::pair{"sentinel link 1", "sentinel link 2"}, std::pair{"park", "hello"},
        std::pair{"filter 59 13", "filter 59 14"}, std::pair{"filter 101 1\n", ""},
        std::pair{"filter 59 13\nfilter 101 1\n", "filter 101 1\nfilter 59 13\n"},
        std::pair{"filter 101 1\n", "filter 101 1\nfilter 101 1\n"}}) {
    EXPECT_FALSE(verify_report(with(from, to), *plan, table_, trials).ok()) << from;
  }
}

}  // namespace
}  // namespace bulkhead::sandbox
