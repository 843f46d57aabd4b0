// Labelled sets that share files, whatever their patterns look like.
#include "checker/query/overlap.h"

#include <gtest/gtest.h>

#include "lang/ir/glob.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using testing::files;
using testing::WorldBuilder;

struct Labelled {
  WorldBuilder b;
  ir::VolumeId data = b.volume("Data");
  ir::LabelId low{0};
  ir::LabelId high{1};

  Labelled() { b.labels({"Low", "High"}); }
  std::size_t overlaps(const std::string& first, const std::string& second, ir::LabelId label) {
    b.world.sets.clear();
    b.label_set(low, files({{data, first}}));
    b.label_set(label, files({{data, second}}));
    const auto found = query::overlapping_labels(b.world);
    EXPECT_EQ(found.undecided, 0u);
    for (const auto& overlap : found.found) {
      EXPECT_TRUE(ir::glob_matches(first, overlap.witness.path) && ir::glob_matches(second, overlap.witness.path))
          << overlap.witness.path;
      EXPECT_EQ(overlap.first, ir::ObjectSetId{0});
      EXPECT_EQ(overlap.second, ir::ObjectSetId{1});
    }
    return found.found.size();
  }
};

TEST(Overlap, IsFoundInOtherPatternsThanTheSame) {
  Labelled l;
  EXPECT_EQ(l.overlaps("/a/**", "/**/*.key", l.high), 1u);
  EXPECT_EQ(l.overlaps("/a/*", "/a/b?", l.high), 1u);
  EXPECT_EQ(l.overlaps("/a/**", "/a/**", l.high), 1u);
}

TEST(Overlap, IsNotSeenWhereThereIsNone) {
  Labelled l;
  EXPECT_EQ(l.overlaps("/a/**", "/b/**", l.high), 0u);
  EXPECT_EQ(l.overlaps("/a/*", "/a/*/*", l.high), 0u) << "a star stays within its folder";
  EXPECT_EQ(l.overlaps("/a/**", "/a/b", l.low), 0u) << "the same label joins with itself";
}

TEST(Overlap, NeedsTheSameVolume) {
  Labelled l;
  const auto other = l.b.volume("Other");
  l.b.label_set(l.low, files({{l.data, "/**"}}));
  l.b.label_set(l.high, files({{other, "/**"}}));
  EXPECT_TRUE(query::overlapping_labels(l.b.world).found.empty());
  l.b.label_set(l.high, files({{other, "/x"}, {l.data, "/y"}}));
  const auto found = query::overlapping_labels(l.b.world).found;
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].witness, (ir::FileObject{l.data, "/y"}));
}

}  // namespace
}  // namespace bulkhead
