#include "runtime-bridge/table/decide.h"

#include <gtest/gtest.h>

#include <random>

#include "runtime-bridge/table/path_automaton.h"
#include "tests/bridge_table/sample_table.h"

namespace bulkhead::table {
namespace {

constexpr std::uint16_t kFileRights[] = {kRead, kWrite, kRename, kLink, kExecute};

TEST(TableDecision, AMissingRowDeniesAndPointsToTheContainer) {
  const Decision decision = decide(sample::small(), kExecute, FileObject{2, "/x"});
  EXPECT_EQ(decision, (Decision{false, kNone, 0, kNone}));
}

TEST(TableDecision, AForbidRowBeatsAPermitRowAndNamesItsSentenceAndClaim) {
  const Table table = sample::small();
  EXPECT_EQ(decide(table, kRead, FileObject{0, "/etc/passwd"}), (Decision{false, 1, 1, 0}));
  EXPECT_EQ(decide(table, kRead, FileObject{0, "/etc/group"}), (Decision{true, 0, 0, kNone}));
}

TEST(TableDecision, AGuardNamesTheClaimOfAMissingRow) {
  Table table = sample::small();
  table.rows.clear();
  EXPECT_EQ(decide(table, kRead, FileObject{2, "/secret/x"}), (Decision{false, kNone, 0, 0}));
  EXPECT_EQ(decide(table, kRead, FileObject{2, "/other"}), (Decision{false, kNone, 0, kNone}));
  EXPECT_EQ(decide(table, kWrite, FileObject{2, "/secret/x"}), (Decision{false, kNone, 0, kNone}));
}

TEST(TableDecision, NetRowsLookAtFamilyAddressPortAndProtocol) {
  const Table table = sample::small();
  const NetObject granted{4, {10, 0, 7, 3}, 443, 1};
  const auto with = [&](auto change) {
    NetObject object = granted;
    change(object);
    return decide(table, kConnect, object).allowed;
  };
  EXPECT_TRUE(with([](NetObject&) {}));
  EXPECT_FALSE(with([](NetObject& o) { o.address[2] = 8; }));
  EXPECT_FALSE(with([](NetObject& o) { o.port = 80; }));
  EXPECT_FALSE(with([](NetObject& o) { o.proto = 2; }));
  EXPECT_FALSE(with([](NetObject& o) { o.family = 6; }));
  EXPECT_FALSE(decide(table, kBind, granted).allowed);
}

TEST(TableDecision, CapabilitiesAreAllowedByNumber) {
  EXPECT_TRUE(decide(sample::small(), kHold, CapabilityObject{10}).allowed);
  EXPECT_FALSE(decide(sample::small(), kHold, CapabilityObject{21}).allowed);
}

TEST(TableResolution, TheDeepestMountWins) {
  Table table = sample::small();
  table.mounts.push_back({1, "/agent", false, kNone});
  table.mounts.push_back({3, "/agent/data/deep", false, kNone});
  const auto at = [&](std::string_view path) {
    const Resolved resolved = resolve(table, path);
    return std::to_string(resolved.object.volume) + std::string(resolved.object.path) +
           (resolved.readonly ? " ro" : "");
  };
  EXPECT_EQ(at("/agent/data"), "2/ ro");
  EXPECT_EQ(at("/agent/data/x/y"), "2/x/y ro");
  EXPECT_EQ(at("/agent/data/deep/z"), "3/z");
  EXPECT_EQ(at("/agent/database"), "1/database");
  EXPECT_EQ(at("/agents"), "0/agents ro");
  EXPECT_EQ(at("/"), "0/ ro");
  table.mounts.push_back({2, "/", false, kNone});
  EXPECT_EQ(at("/"), "2/");
  EXPECT_EQ(at("/agents"), "2/agents");
  EXPECT_EQ(at("/agent/tmp/q"), "3/q");
}

TEST(Decider, AgreesWithTheRows) {
  std::mt19937 random(7);
  std::size_t allowed = 0, denied = 0;
  for (int i = 0; i < 250; ++i) {
    const Table table = sample::random(random);
    const auto decider = Decider::build(table);
    ASSERT_TRUE(decider.ok()) << decider.error();
    const auto when_asked = Decider::build_when_asked(table);  // its automata grow
    ASSERT_TRUE(when_asked.ok()) << when_asked.error();
    for (int k = 0; k < 20; ++k) {
      const std::string path = sample::random_path(random);
      for (std::uint32_t volume = 0; volume < 3; ++volume) {
        for (const std::uint16_t right : kFileRights) {
          const FileObject object{volume, path};
          const Decision plain = decide(table, right, object);
          ASSERT_EQ(decider->decide(right, object), plain) << path;
          ASSERT_EQ(when_asked->decide(right, object), plain) << path;
          ASSERT_EQ(decider->allowed(right, decider->classify(object)), plain.allowed);
          ++(plain.allowed ? allowed : denied);
        }
      }
    }
  }
  EXPECT_GT(allowed, 5000u);
  EXPECT_GT(denied, 5000u);
}

TEST(Decider, FallsBackToTheRowsWhereTheAutomatonWouldExplode) {
  Table table = sample::small();
  table.rows[0].literals[0].files.push_back({2, "/**a" + std::string(24, '?'), ""});
  table.rows[0].literals[0].files.erase(table.rows[0].literals[0].files.begin());
  const auto decider = Decider::build(table);
  ASSERT_TRUE(decider.ok());
  EXPECT_EQ(decider->size().rows_only, 1u);
  const std::string hit = "/xa" + std::string(24, 'b');
  EXPECT_EQ(decider->classify({2, hit}), kUnclassified);
  EXPECT_TRUE(decider->decide(kRead, FileObject{2, hit}).allowed);
  EXPECT_FALSE(decider->decide(kRead, FileObject{2, hit + "c" + std::string(24, 'c')}).allowed);
}

/// What a program asks decides which states are made: it must not be able to make too many, nor to change an answer.
TEST(Decider, WhoseAutomatonGrowsTooLargeGoesOnByTheRows) {
  Table table = sample::small();
  table.rows[0].literals[0].files.push_back({2, "/**a" + std::string(24, '?'), ""});
  table.rows[0].literals[0].files.erase(table.rows[0].literals[0].files.begin());
  const auto decider = Decider::build_when_asked(table);
  ASSERT_TRUE(decider.ok());
  std::mt19937 random(3);
  std::size_t allowed = 0, denied = 0;
  for (int i = 0; i < 400; ++i) {
    std::string path = "/x";
    for (int k = 0; k < 60; ++k) path += random() % 2 != 0 ? 'a' : 'b';
    const bool matches = path[path.size() - 25] == 'a';
    ASSERT_EQ(decider->decide(kRead, FileObject{2, path}).allowed, matches) << path;
    ++(matches ? allowed : denied);
    ASSERT_LE(decider->size().states, JointBounds{}.states + 1);
    if (i == 100) {
      ASSERT_EQ(decider->size().rows_only, 0u) << "the automaton still answers";
    }
  }
  EXPECT_EQ(decider->size().rows_only, 1u) << "the automaton was given up";
  EXPECT_GT(allowed, 10u);
  EXPECT_GT(denied, 10u);
}

TEST(Decider, AnUnknownVolumeOrRightIsDenied) {
  Table table = sample::small();
  table.rows = {{Effect::Permit, Plane::File, kRead | kWrite, {}, 0, kNone}};
  const auto decider = Decider::build(table);
  ASSERT_TRUE(decider.ok());
  EXPECT_TRUE(decider->decide(kRead, FileObject{0, "/"}).allowed);
  EXPECT_FALSE(decider->decide(kRead, FileObject{99, "/"}).allowed);
  EXPECT_FALSE(decider->decide(0, FileObject{0, "/"}).allowed);
  EXPECT_FALSE(decider->decide(kRead | kWrite, FileObject{0, "/"}).allowed);
  EXPECT_FALSE(decider->decide(kConnect, FileObject{0, "/"}).allowed);
}

}  // namespace
}  // namespace bulkhead::table
