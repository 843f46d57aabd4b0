// All pairs of influence: as the claims about single pairs say, and with evidence that no change survives.
#include "checker/query/all_pairs.h"

#include <gtest/gtest.h>

#include "checker/query/passage.h"
#include "checker/query/prove.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using ir::Right;
using testing::files;
using testing::WorldBuilder;

/// Two writers and a reader whose folders overlap or do not, a namespace, a client of the network, and what is handed
/// on: A may come to write where D reads.
struct Office {
  WorldBuilder b;
  ir::VolumeId volume = b.volume("V");
  ir::SubjectId a = b.subject("A"), c = b.subject("C"), d = b.subject("D"), e = b.subject("E"), f = b.subject("F");

  Office() {
    b.permit(a, Right::Write, files({{volume, "/a/*.x"}}));
    b.permit(c, Right::Write, files({{volume, "/d/**"}}));
    b.permit(d, Right::Read, files({{volume, "/a/*.y"}, {volume, "/d/**"}}));
    b.permit(e, Right::Connect, testing::nets("10.0.0.0/8"));
    b.world.subjects[f.index()].namespaces[0] = {ir::NamespaceSetting::Mode::With, e, b.sentence("ipc: with E")};
  }
  void hand_on() {
    ir::Delegation one;
    one.from = c;
    one.to = a;
    one.rights = Right::Write;
    one.objects = files({{volume, "/d/**"}});
    one.sentence = b.sentence("C may delegate write to A");
    b.world.delegations.push_back(one);
  }
};

bool has(const closure::ClosedRelation& relation, std::size_t from, std::size_t to) {
  const std::size_t width = (relation.classes + 63) / 64, bit = relation.class_of[to];
  return ((relation.rows[relation.class_of[from] * width + bit / 64] >> (bit % 64)) & 1u) != 0;
}

/// Node i is subject i, there being no profile.
void expect_as_claims(Office office) {
  const auto pairs = query::all_pairs(office.b.world, {});
  ASSERT_TRUE(pairs.ok()) << pairs.error();
  EXPECT_TRUE(pairs->exact);
  const std::size_t subjects = office.b.world.subjects.size();
  for (std::size_t from = 0; from < subjects; ++from) {
    for (std::size_t to = 0; to < subjects; ++to) {
      if (from == to) continue;
      office.b.claim(ir::Protected{{{ir::SubjectId{to}}}, {{ir::SubjectId{from}}}});
    }
  }
  const query::Proof proof = query::prove(office.b.world, {});
  std::size_t at = 0, passing = 0;
  for (std::size_t from = 0; from < subjects; ++from) {
    for (std::size_t to = 0; to < subjects; ++to) {
      if (from == to) continue;
      const query::Status status = proof.claims.at(at++).status;
      ASSERT_TRUE(status == query::Status::Satisfied || status == query::Status::Failed);
      EXPECT_EQ(has(pairs->evidence.relation, from, to), status == query::Status::Failed) << from << " to " << to;
      passing += status == query::Status::Failed ? 1 : 0;
    }
  }
  EXPECT_GT(passing, 2u);
  EXPECT_LT(passing, subjects * (subjects - 1) / 2);
}

TEST(AllPairs, AreWhatClaimsAboutEachPairSay) {
  Office office;
  expect_as_claims(office);
  office.hand_on();
  expect_as_claims(office);
}

TEST(AllPairs, WhatIsHandedOverPasses) {
  Office office;
  const auto before = query::all_pairs(office.b.world, {});
  office.hand_on();
  const auto after = query::all_pairs(office.b.world, {});
  ASSERT_TRUE(before.ok() && after.ok());
  EXPECT_FALSE(has(before->evidence.relation, office.a.index(), office.d.index()));
  EXPECT_TRUE(has(after->evidence.relation, office.a.index(), office.d.index()));
}

TEST(AllPairs, NoChangedEvidenceIsAccepted) {
  Office office;
  const auto pairs = query::all_pairs(office.b.world, {});
  ASSERT_TRUE(pairs.ok()) << pairs.error();
  const certificate::InfluenceRelation& good = pairs->evidence;
  ASSERT_FALSE(good.crossings.empty()) << "A and D share a volume and no file";
  const auto outcome = [&](const certificate::InfluenceRelation& evidence) {
    return certificate::check_influence(office.b.world, evidence, {}).outcome;
  };
  EXPECT_EQ(outcome(good), certificate::Outcome::Accepted);
  std::size_t fewer = 0;
  for (std::size_t bit = 0; bit < good.relation.rows.size() * 64; ++bit) {
    if (((good.relation.rows[bit / 64] >> (bit % 64)) & 1u) == 0) continue;
    auto mutant = good;
    mutant.relation.rows[bit / 64] &= ~(std::uint64_t{1} << (bit % 64));
    const std::size_t from = bit / 64, to = bit % 64;
    ++fewer;
    EXPECT_EQ(outcome(mutant), certificate::Outcome::Rejected) << from << " to " << to;
  }
  EXPECT_GE(fewer, 2u) << "C to D, and E, F and the network among each other";
  auto mutant = good;
  mutant.crossings.pop_back();
  EXPECT_EQ(outcome(mutant), certificate::Outcome::Rejected);
  mutant = good;
  mutant.crossings.push_back(mutant.crossings.back());
  EXPECT_EQ(outcome(mutant), certificate::Outcome::Rejected);
  mutant = good;
  mutant.crossings.front().atoms = {};
  EXPECT_EQ(outcome(mutant), certificate::Outcome::Rejected);
  mutant = good;
  mutant.relation.class_of.pop_back();
  EXPECT_EQ(outcome(mutant), certificate::Outcome::Rejected);
}

TEST(AllPairs, WhatIsNotKnownCountsAsAnInfluence) {
  const Office office;
  query::AllPairsOptions late;
  late.deadline = std::chrono::steady_clock::now();
  const auto pairs = query::all_pairs(office.b.world, late);
  ASSERT_TRUE(pairs.ok()) << pairs.error();
  EXPECT_FALSE(pairs->exact);
  EXPECT_TRUE(has(pairs->evidence.relation, office.a.index(), office.d.index())) << "nobody looked";
}

TEST(AllPairs, ConditionsOnHandingOverAreNeverExact) {
  Office office;
  office.hand_on();
  ir::Possession wanted;
  wanted.holder = office.a;
  wanted.right = Right::Read;
  wanted.objects = files({{office.volume, "/z"}});
  office.b.world.possessions.push_back(wanted);
  office.b.world.delegations.back().when.alternatives = {{{ir::PossessionId{0}, false}}};
  const auto pairs = query::all_pairs(office.b.world, {});
  ASSERT_TRUE(pairs.ok()) << pairs.error();
  EXPECT_FALSE(pairs->exact) << "A never holds what the condition asks for";
}

TEST(AllPairs, AreWhatPassagesToAndFromTheNetworkSay) {
  Office office;
  office.hand_on();
  const auto pairs = query::all_pairs(office.b.world, {});
  ASSERT_TRUE(pairs.ok()) << pairs.error();
  query::PassageOptions options;
  options.certify = query::Certify::On;
  query::Passages ask(office.b.world, options);
  const std::size_t network = pairs->nodes.size() - 1;
  ASSERT_TRUE(pairs->nodes[network].network());
  std::size_t passing = 0, none = 0;
  for (std::size_t i = 0; i < network; ++i) {
    for (const auto& [from, to] : {std::pair(i, network), std::pair(network, i)}) {
      const query::CaseResult found = ask({{pairs->nodes[from]}, {pairs->nodes[to]}});
      const bool passes = has(pairs->evidence.relation, from, to);
      ASSERT_TRUE(found.checked) << from << " to " << to;
      EXPECT_EQ(found.checked->outcome, certificate::Outcome::Accepted) << found.checked->reason;
      EXPECT_EQ(std::holds_alternative<verdict::Violated>(found.verdict), passes) << from << " to " << to;
      EXPECT_EQ(std::holds_alternative<verdict::Holds>(found.verdict), !passes) << from << " to " << to;
      EXPECT_FALSE(found.assumptions.empty());
      ++(passes ? passing : none);
    }
  }
  EXPECT_GE(passing, 4u) << "E and F, both ways";
  EXPECT_GE(none, 6u);
}

}  // namespace
}  // namespace bulkhead
