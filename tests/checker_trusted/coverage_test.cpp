// Unproved policy: which sentences no claim depends on, found by changing them.
#include <gtest/gtest.h>

#include <algorithm>

#include "checker/query/prove.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using testing::can;
using testing::cannot;
using testing::files;
using testing::nets;
using testing::objects;
using testing::WorldBuilder;

struct Two {
  WorldBuilder b;
  ir::SubjectId a = b.subject("A");
  ir::SubjectId c = b.subject("C");
  ir::SubjectId host = b.subject("Node", ir::SubjectKind::Host);
  ir::VolumeId data = b.volume("Data");
};

query::Proof surveyed(const ir::World& world, query::ProveOptions options = {}) {
  options.coverage = query::Coverage::On;
  return query::prove(world, options);
}

bool unproved(const query::Proof& proof, ir::SentenceId sentence) {
  EXPECT_TRUE(proof.unproved && proof.not_judged.empty());
  return std::find(proof.unproved->begin(), proof.unproved->end(), sentence) != proof.unproved->end();
}

TEST(Coverage, ReportsWhatNoClaimDependsOn) {
  Two t;
  const auto idle =
      t.b.permit(t.a, ir::Right::Read, files({{t.data, "/pub/**"}}));  // the forbid wins, however wide it is
  const auto needed = t.b.forbid(t.a, ir::Right::Read, files({{t.data, "/pub/key"}}));
  const auto loose = t.b.permit(t.c, ir::Right::Connect, nets("10.0.0.0/8"));
  t.b.claim(cannot(t.a, ir::Right::Read, objects(ir::Plane::File, files({{t.data, "/pub/key"}}))));
  query::ProveOptions options;
  const auto proof = surveyed(t.b.world, options);
  ASSERT_TRUE(proof.unproved);
  EXPECT_EQ(*proof.unproved, (std::vector<ir::SentenceId>{t.b.world.at(idle).sentence, t.b.world.at(loose).sentence}));
  EXPECT_TRUE(proof.not_judged.empty());
  options.coverage_work = 0;
  const auto hasty = surveyed(t.b.world, options);
  EXPECT_EQ(*hasty.unproved, std::vector<ir::SentenceId>{t.b.world.at(loose).sentence}) << "no claim speaks of it";
  EXPECT_EQ(hasty.not_judged,
            (std::vector<ir::SentenceId>{t.b.world.at(idle).sentence, t.b.world.at(needed).sentence}));
}

ir::SentenceId mount(Two& t, ir::SubjectId subject, bool readonly) {
  const auto sentence = t.b.sentence("mount Data");
  t.b.world.subjects[subject.index()].mounts.push_back({t.data, "/data", readonly, sentence});
  if (readonly) {
    const auto changes = ir::Rights(ir::Right::Write) | ir::Right::Rename | ir::Right::Link;
    const auto rule = t.b.forbid(subject, changes, files({{t.data, "/**"}}));
    t.b.world.rules[rule.index()].sentence = sentence;
  }
  return sentence;
}

TEST(Coverage, AMountIsCoveredByWhatNeedsItAndByWhatItsModeHolds) {
  Two t;
  const auto needed = mount(t, t.a, false);
  const auto shut = mount(t, t.c, true);
  t.b.permit(t.a, ir::Right::Read, files({{t.data, "/**"}}));
  t.b.permit(t.c, ir::Right::Write, files({{t.data, "/**"}}));
  const auto all = objects(ir::Plane::File, files({{t.data, "/**"}}));
  const auto proof = surveyed(t.b.world);
  EXPECT_TRUE(unproved(proof, needed));
  EXPECT_TRUE(unproved(proof, shut));
  t.b.claim(can(t.a, ir::Right::Read, all));
  t.b.claim(cannot(t.c, ir::Right::Write, all));
  const auto covered = surveyed(t.b.world);
  EXPECT_FALSE(unproved(covered, needed)) << "without the mount nothing can be read";
  EXPECT_FALSE(unproved(covered, shut)) << "without `readonly` something can be written";
}

TEST(Coverage, AMountWhoseVolumeIsMountedTwiceIsNotMissed) {
  Two t;
  const auto one = mount(t, t.a, false);
  const auto two = mount(t, t.a, false);
  t.b.permit(t.a, ir::Right::Read, files({{t.data, "/**"}}));
  t.b.claim(can(t.a, ir::Right::Read, objects(ir::Plane::File, files({{t.data, "/**"}}))));
  const auto proof = surveyed(t.b.world);
  EXPECT_TRUE(unproved(proof, one));
  EXPECT_TRUE(unproved(proof, two));
}

TEST(Coverage, ALimitIsCoveredByAGuaranteeAlone) {
  Two t;
  auto& subject = t.b.world.subjects[t.a.index()];
  const auto memory = t.b.sentence("limits memory");
  const auto pids = t.b.sentence("limits pids");
  const auto files_open = t.b.sentence("limits open_files");
  subject.limits.memory = ir::Quantity{60, memory};
  subject.limits.pids = ir::Quantity{8, pids};
  subject.limits.open_files = ir::Quantity{64, files_open};
  subject.reserve.memory = ir::Quantity{60, t.b.sentence("reserve")};
  t.b.world.subjects[t.host.index()].capacity.memory = ir::Quantity{100, t.b.sentence("capacity")};
  t.b.claim(ir::Guaranteed{{t.a}, {{ir::Resource::Memory, 60}}});
  const auto proof = surveyed(t.b.world);
  EXPECT_TRUE(proof.all_satisfied());
  EXPECT_FALSE(unproved(proof, memory));
  EXPECT_TRUE(unproved(proof, pids));
  EXPECT_TRUE(unproved(proof, files_open));
}

TEST(Coverage, InfluenceCoversWhatOpensOrShutsAWay) {
  Two t;
  const auto writes = t.b.permit(t.a, ir::Right::Write, files({{t.data, "/out/**"}}));
  const auto reads = t.b.permit(t.c, ir::Right::Read, files({{t.data, "/in/**"}}));
  const auto idle = t.b.permit(t.c, ir::Right::Execute, files({{ir::kOwnRoot, "/bin/*"}}));
  const auto space = t.b.sentence("namespaces pid");
  t.b.world.subjects[t.c.index()].namespaces[0] = {ir::NamespaceSetting::Mode::Private, {}, space};
  t.b.claim(ir::Isolated{{{t.a}}, {{t.c}}});
  const auto proof = surveyed(t.b.world);
  EXPECT_TRUE(proof.all_satisfied());
  EXPECT_FALSE(unproved(proof, t.b.world.at(writes).sentence)) << "wider, it meets what is read";
  EXPECT_FALSE(unproved(proof, t.b.world.at(reads).sentence));
  EXPECT_FALSE(unproved(proof, t.b.world.at(idle).sentence)) << "wider, it reads what is written";
  EXPECT_TRUE(unproved(proof, space)) << "the host influences neither";
}

TEST(Coverage, DoesNotDependOnTheThreads) {
  WorldBuilder b;
  const auto data = b.volume("Data");
  for (int i = 0; i < 40; ++i) {
    const auto agent = b.subject("Agent" + std::to_string(i));
    const std::string folder = "/" + std::to_string(i);
    b.permit(agent, ir::Right::Read, files({{data, folder + "/**"}, {ir::kOwnRoot, folder}}));
    b.forbid(agent, ir::Right::Read, files({{data, folder + "/key"}}));
    b.permit(agent, ir::Right::Connect, nets("10.0.0.0/8"));
    b.claim(cannot(agent, ir::Right::Read, objects(ir::Plane::File, files({{data, folder + "/key"}}))));
  }
  std::vector<query::Proof> proofs;
  for (const unsigned jobs : {1u, 4u}) {
    for (const std::uint64_t work : {std::uint64_t{3'000}, std::uint64_t{20'000'000}}) {
      query::ProveOptions options;
      options.jobs = jobs;
      options.coverage_work = work;
      proofs.push_back(surveyed(b.world, options));
    }
  }
  EXPECT_FALSE(proofs[0].not_judged.empty());
  EXPECT_FALSE(proofs[0].unproved->empty()) << "nobody speaks of the network, whatever the work";
  EXPECT_TRUE(proofs[1].not_judged.empty());
  for (const int i : {0, 1}) {
    EXPECT_EQ(*proofs[i].unproved, *proofs[i + 2].unproved);
    EXPECT_EQ(proofs[i].not_judged, proofs[i + 2].not_judged);
  }
}

}  // namespace
}  // namespace bulkhead
