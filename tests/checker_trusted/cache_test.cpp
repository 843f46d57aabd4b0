// The cache: certificates of every kind of claim are found again, and what was forged is noticed.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "checker/certificate/file.h"
#include "checker/query/prove.h"
#include "lang/base/file.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using testing::cannot;
using testing::files;
using testing::nets;
using testing::objects;
using testing::WorldBuilder;

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("bulkhead-cache-" + std::to_string(::getpid()));
  Folder() { std::filesystem::remove_all(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

/// A claim about access, two about influence (one of them violated), one about sums.
struct Policy {
  Folder folder;
  WorldBuilder b;
  ir::VolumeId data = b.volume("Data");
  ir::SubjectId a = b.subject("A");
  ir::SubjectId c = b.subject("C");
  ir::SubjectId d = b.subject("D");
  ir::SubjectId host = b.subject("Node", ir::SubjectKind::Host);

  Policy() {
    b.permit(a, ir::Right::Read, files({{data, "/**"}}));
    b.forbid(a, ir::Right::Read, files({{data, "/secret/**"}}));
    b.permit(c, ir::Right::Write, files({{data, "/secret/x"}}));
    b.permit(d, ir::Right::Write, files({{data, "/open/x"}}));
    b.world.subjects[host.index()].capacity.memory = ir::Quantity{100, b.sentence("capacity")};
    b.world.subjects[a.index()].reserve.memory = ir::Quantity{60, b.sentence("reserve")};
    b.claim(cannot(a, ir::Right::Read, objects(ir::Plane::File, files({{data, "/secret/x"}}))));
    b.claim(ir::Protected{{{a}}, {{c}}});
    b.claim(ir::Protected{{{a}}, {{d}}}, ir::ClaimMode::Refute);
    b.claim(ir::Fits{host});
  }
  query::Proof prove() const {
    query::ProveOptions options;
    options.certify = query::Certify::On;
    options.cache = folder.path;
    return query::prove(b.world, options);
  }
  /// Changes what is stored of one claim.
  void forge(const std::string& claim, const std::function<void(verdict::Verdict&)>& change) const {
    for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
      auto file = certificate::read(*read_file(entry.path().string(), certificate::kMaxFileBytes));
      ASSERT_TRUE(file.ok());
      if (file->claim != claim) continue;
      change(file->verdict);
      ASSERT_TRUE(write_file(entry.path().string(), certificate::write(*file), 0600).ok());
    }
  }
};

TEST(Cache, FindsCertificatesOfEveryKindAgain) {
  const Policy p;
  const auto first = p.prove();
  EXPECT_TRUE(first.all_satisfied());
  EXPECT_EQ(first.cache.stored, 4u);
  const auto again = p.prove();
  EXPECT_EQ(again.cache.hits, 4u);
  EXPECT_EQ(again.cache.stored, 0u);
  EXPECT_TRUE(again.cache.dropped.empty());
  EXPECT_TRUE(again.all_satisfied());
  for (std::size_t i = 0; i < first.claims.size(); ++i) {
    const auto text = [&](const query::Proof& proof) {
      const auto& one = proof.claims[i].cases[0];
      return certificate::write({"", one.instance, one.verdict});
    };
    EXPECT_EQ(text(first), text(again)) << "what is found is what was searched for";
  }
}

TEST(Cache, DamagedEntriesAreNoticedAndSearchedForAgain) {
  const Policy p;
  p.prove();
  for (const auto& entry : std::filesystem::directory_iterator(p.folder.path)) {
    std::fstream file(entry.path(), std::ios::in | std::ios::out);
    file.seekp(60);
    file.put('#');
  }
  const auto damaged = p.prove();
  EXPECT_EQ(damaged.cache.hits, 0u);
  EXPECT_EQ(damaged.cache.dropped.size(), 4u);
  EXPECT_TRUE(damaged.all_satisfied());
  EXPECT_EQ(p.prove().cache.hits, 4u) << "they were stored anew";
}

TEST(Cache, ForgedEvidenceAboutInfluenceAndSumsIsNoticed) {
  const Policy p;
  p.prove();
  p.forge("claim_1", [](verdict::Verdict& verdict) {
    auto& holds = std::get<verdict::Holds>(verdict);
    std::get<verdict::ClosedEvidence>(holds.certificate.evidence).crossings.clear();
  });
  p.forge("claim_2", [&](verdict::Verdict& verdict) {
    verdict = verdict::Holds{{verdict::ClosedEvidence{{{p.d}}, {}}, {}}};  // "D influences nobody"
  });
  p.forge("claim_3", [](verdict::Verdict& verdict) {
    auto& holds = std::get<verdict::Holds>(verdict);
    std::get<verdict::LinearEvidence>(holds.certificate.evidence).multipliers[0][0] = 0;
  });
  const auto forged = p.prove();
  EXPECT_EQ(forged.cache.hits, 1u);
  EXPECT_EQ(forged.cache.dropped.size(), 3u);
  EXPECT_TRUE(forged.all_satisfied()) << "the lies were not believed";
}

TEST(Cache, AChangeOnTheWayOfInfluenceIsAnotherObligation) {
  Policy p;
  p.prove();
  p.b.permit(p.c, ir::Right::Write, files({{p.data, "/open/y"}}));
  const auto opened = p.prove();
  EXPECT_EQ(opened.claims[1].status, query::Status::Failed);
  EXPECT_TRUE(opened.cache.dropped.empty()) << "an old entry is not looked at, so it is no forged one";
  EXPECT_EQ(opened.cache.hits, 3u) << "what C may write concerns no other claim";
}

/// Rights that are handed on, channels, a label: verdicts name delegations and channels by their places. What comes
/// first in the world moves all of these places.
struct Moving {
  WorldBuilder b;
  ir::VolumeId disk = b.volume("Disk");
  ir::VolumeId other = b.volume("Other");
  std::vector<ir::SubjectId> subjects;

  explicit Moving(bool unrelated = false, bool related = false) {
    b.labels({"Public", "Internal", "Secret"});
    b.label_set(ir::LabelId{2}, files({{disk, "/secret/**"}}));
    for (const char* name : {"A", "B", "C", "D", "E"}) subjects.push_back(b.subject(name));
    b.world.subjects[2].clearance = ir::LabelId{0};
    if (unrelated) hand_on(3, 4, other);
    b.permit(subjects[0], ir::Right::Read, files({{disk, "/**"}}));
    b.permit(subjects[3], ir::Right::Read, files({{other, "/**"}}));
    hand_on(0, 1, disk);
    hand_on(1, 2, disk);
    if (related) hand_on(2, 3, disk);
    const auto everything = objects(ir::Plane::File, files({{disk, "/**"}}));
    b.claim(ir::CannotAcquire{{subjects[2]}, ir::Right::Read, everything}, ir::ClaimMode::Refute);
    b.claim(ir::CannotAcquire{{subjects[3]}, ir::Right::Read, everything});
    b.claim(ir::Can{{subjects[2]}, ir::Right::Read, everything, false});
    b.claim(ir::Protected{{{subjects[2]}}, {{subjects[0]}}}, ir::ClaimMode::Refute);
    b.claim(ir::NoFlow{ir::LabelId{2}, ir::LabelId{0}, {}}, ir::ClaimMode::Refute);
    // Not about Public, which everything is: what E reads would have to do with it.
    b.claim(ir::KeepsApart{{subjects[2]}, ir::LabelId{2}, ir::LabelId{1}});
  }
  void hand_on(std::size_t from, std::size_t to, ir::VolumeId volume) {
    ir::Delegation one;
    one.from = subjects[from];
    one.to = subjects[to];
    one.rights = ir::Right::Read;
    one.onward = true;
    one.objects = files({{volume, "/**"}});
    one.sentence = b.sentence("delegate " + std::to_string(from));
    one.via = ir::ChannelId{b.world.channels.size()};
    b.world.channels.push_back(
        {"c" + std::to_string(from), {one.from}, {one.to}, {}, false, false, true, true, one.sentence});
    b.world.delegations.push_back(std::move(one));
  }
  query::Proof prove(const Folder& in) const {
    query::ProveOptions options;
    options.certify = query::Certify::On;
    options.cache = in.path;
    return query::prove(b.world, options);
  }
};

std::size_t searched(const query::Proof& proof) {
  std::size_t cases = 0;
  for (const query::ClaimResult& claim : proof.claims) {
    for (const query::CaseResult& one : claim.cases) cases += one.from_cache ? 0 : 1;
  }
  return cases;
}

TEST(Cache, AnUnrelatedSentenceIsNoReasonToSearchAgain) {
  const Folder folder;
  const Moving before;
  const auto first = before.prove(folder);
  EXPECT_TRUE(first.all_satisfied());
  EXPECT_EQ(searched(first), 6u);
  EXPECT_EQ(searched(before.prove(folder)), 0u);

  const Moving after(true);
  const auto second = after.prove(folder);
  EXPECT_TRUE(second.all_satisfied());
  EXPECT_EQ(searched(second), 0u) << "no claim depends on what D hands to E";
  EXPECT_TRUE(second.cache.dropped.empty());
  const auto& path = std::get<verdict::Violated>(second.claims[0].cases[0].verdict).trace;
  ASSERT_FALSE(path.steps.empty());
  ASSERT_TRUE(path.steps.front().handover.has_value());
  const auto& delegation = after.b.world.at(path.steps.front().handover->delegation);
  EXPECT_EQ(delegation.from, after.subjects[0]) << "the story speaks of the sentences of this world";
  EXPECT_NE(std::find(path.minimal.begin(), path.minimal.end(), delegation.sentence), path.minimal.end());
}

TEST(Cache, ARelatedSentenceIsSearchedForWhereItMatters) {
  const Folder folder;
  const Moving before;
  before.prove(folder);
  const Moving after(false, true);
  const auto second = after.prove(folder);
  EXPECT_EQ(second.claims[1].status, query::Status::Failed) << "D comes to read it";
  EXPECT_TRUE(second.claims[0].cases[0].from_cache) << "C had it without D";
  EXPECT_TRUE(second.claims[2].cases[0].from_cache);
}

TEST(Cache, ForgedPlacesAreNoticed) {
  const Folder folder;
  const Moving p;
  p.prove(folder);
  std::size_t forged = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
    if (entry.path().extension() != ".places") continue;
    ASSERT_TRUE(write_file(entry.path().string(), "d3:abc\n", 0600).ok());
    ++forged;
  }
  EXPECT_GE(forged, 3u);
  const auto again = p.prove(folder);
  EXPECT_TRUE(again.all_satisfied());
  EXPECT_EQ(again.cache.dropped.size(), forged);
}

}  // namespace
}  // namespace bulkhead
