// Folders of patterns leave nothing out: what they take for disjoint has no object in common.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "checker/obligation/folder.h"
#include "checker/obligation/obligation.h"
#include "lang/ir/glob.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead::obligation {
namespace {

constexpr ir::VolumeId kVolume{2};

Folders folders_of(const std::string& glob, const std::string& prefix = "") {
  ir::ObjectPatterns patterns;
  patterns.files.push_back({kVolume, glob, prefix});
  Folders folders;
  add_folders(folders, testing::WorldBuilder().world, patterns);
  return folders;
}

Folder segments(const std::string& path) {
  Folder folder;
  for (std::size_t at = 1; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    folder.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return folder;
}

bool covers(const Folders& folders, const std::string& path) {
  const auto& below = folders.at(kVolume);
  return std::any_of(below.begin(), below.end(), [&](const Folder& one) { return lies_in(segments(path), one); });
}

TEST(Folder, IsWhatStandsBeforeTheFirstSegmentThatIsNoPlainText) {
  const auto one = [](const std::string& glob, const std::string& prefix = "") {
    return *folders_of(glob, prefix).at(kVolume).begin();
  };
  EXPECT_EQ(one("/"), Folder());
  EXPECT_EQ(one("/**"), Folder());
  EXPECT_EQ(one("/a/b"), (Folder{"a", "b"}));
  EXPECT_EQ(one("/a/b/**"), (Folder{"a", "b"}));
  EXPECT_EQ(one("/a/b*/c"), Folder{"a"});
  EXPECT_EQ(one("/a/b**"), Folder{"a"});
  EXPECT_EQ(one("/a/\\*"), Folder{"a"});
  EXPECT_EQ(one("/srv/data/x/*", "/srv/data"), Folder{"x"});
  EXPECT_EQ(one("/srv/**", "/srv/data"), Folder());
  EXPECT_EQ(folders_of("/{a,b}/c").at(kVolume), (std::set<Folder>{{"a", "c"}, {"b", "c"}}));
}

TEST(Folder, NothingThatAPatternMatchesLiesElsewhere) {
  std::mt19937 random(7);
  constexpr const char* kParts[] = {"/a", "/b", "/ab", "/*", "/a*", "/**", "*", "**", "/{a,b}", "/?", "/[ab]", "/\\a"};
  constexpr const char* kSegments[] = {"/a", "/b", "/ab", "/aa"};
  std::size_t matched = 0, elsewhere = 0;
  for (int i = 0; i < 4'000; ++i) {
    std::string glob = "/a", prefix = random() % 3 == 0 ? "/a" : "";
    if (random() % 2 == 0) glob = kParts[random() % 12];
    for (auto n = random() % 3; n > 0; --n) glob += kParts[random() % 12];
    if (glob.front() != '/' || !ir::expand_glob(glob)) continue;
    const Folders folders = folders_of(glob, prefix);
    for (int k = 0; k < 30; ++k) {
      std::string path;
      for (auto n = random() % 4; n > 0; --n) path += kSegments[random() % 4];
      if (path.empty()) path = "/";
      const ir::FileObject object{kVolume, path};
      const bool found = ir::pattern_matches({kVolume, glob, prefix}, object);
      elsewhere += !covers(folders, path);
      if (!found) continue;
      ++matched;
      EXPECT_TRUE(covers(folders, path)) << glob << " with prefix `" << prefix << "` matches " << path;
      EXPECT_TRUE(covers(folders, path == "/" ? "/a" : path + "/x")) << "what lies in a folder that it matches";
    }
  }
  EXPECT_GT(matched, 5'000u);
  EXPECT_GT(elsewhere, 20'000u) << "nothing is told apart";
}

TEST(Folder, VolumesAreCommonWhereOneLiesInTheOther) {
  const auto common = [](const std::string& a, const std::string& b) {
    return !common_volumes(folders_of(a), folders_of(b)).empty();
  };
  EXPECT_TRUE(common("/a/**", "/a/b/c"));
  EXPECT_TRUE(common("/a/b/c", "/a/**"));
  EXPECT_TRUE(common("/**", "/a"));
  EXPECT_FALSE(common("/a/1/**", "/a/10/**"));
  EXPECT_FALSE(common("/a", "/b"));
  EXPECT_TRUE(common("/{b,c}", "/{a,c}/**"));
  EXPECT_TRUE(common_volumes(folders_of("/a"), {{ir::VolumeId{3}, {Folder{"a"}}}}).empty());
}

/// n containers that write below a folder of their own, n that read below one.
ir::World apart(std::size_t n) {
  testing::WorldBuilder b;
  const auto volume = b.volume("V");
  for (std::size_t i = 0; i < n; ++i) {
    const std::string name = std::to_string(i);
    b.permit(b.subject("W" + name), ir::Right::Write, testing::files({{volume, "/w/" + name + "/**"}}));
    b.permit(b.subject("R" + name), ir::Right::Read, testing::files({{volume, "/r/" + name + "/**"}}));
  }
  return b.world;
}

std::size_t neighbours(const ir::World& world) {
  const Rules rules(world);
  const InfluenceGraph graph(rules);
  std::size_t all = 0;
  for (const GraphNode node : graph_nodes(world)) all += graph.neighbours(node).size();
  return all;
}

TEST(Folder, WhoWritesWhatNobodyReadsHasNoNeighbour) {
  ir::World world = apart(40);
  EXPECT_EQ(neighbours(world), 0u);
  world.rules.at(1).objects.files.push_back({kVolume, "/w/7/log", ""});  // R0 reads what W7 writes
  EXPECT_EQ(neighbours(world), 1u);
  world.rules.at(2).objects.files.front().glob = "/**";  // W1 writes anywhere
  EXPECT_EQ(neighbours(world), 41u);
}

}  // namespace
}  // namespace bulkhead::obligation
