// What two policies differ in where rights are handed over: the answers of `diff` beside explicit search.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "checker/engine/engine.h"
#include "checker/query/difference.h"
#include "checker/query/flow_difference.h"
#include "checker/query/settings.h"
#include "random_authority.h"

namespace bulkhead::query {
namespace {

using Triple = std::tuple<std::string, ir::Right, Change>;

/// The policy without some of its sentences, or another policy.
std::pair<ir::World, ir::World> two_policies(std::uint32_t seed, bool conditions) {
  ir::World older = samples::random_authority(seed, conditions);
  ir::World newer = older;
  if (seed % 4 == 0) newer = samples::random_authority(seed + 1000, conditions);
  if (seed % 4 == 1) newer.delegations.pop_back();
  if (seed % 4 == 2) newer.rules.erase(newer.rules.begin() + 1);
  if (seed % 4 == 3) newer.holdings.front().onward = !newer.holdings.front().onward;
  return {std::move(older), std::move(newer)};
}

/// For each subject and right whether explicit search finds access that one world has and the other lacks.
std::set<Triple> searched_difference(const ir::World& older, const ir::World& newer) {
  std::set<Triple> found;
  for (const ir::Right right : {ir::Right::Read, ir::Right::Write}) {
    for (const ir::Object& object : samples::authority_objects()) {
      for (const ir::Context& context : samples::authority_contexts()) {
        const auto before = samples::searched(older, right, object, context);
        const auto after = samples::searched(newer, right, object, context);
        for (std::size_t i = 0; i < newer.subjects.size(); ++i) {
          const bool was = before.contains(ir::SubjectId{i}), is = after.contains(ir::SubjectId{i});
          if (was != is) found.insert({newer.subjects[i].name, right, is ? Change::Added : Change::Removed});
        }
      }
    }
  }
  return found;
}

TEST(DifferenceOfAuthority, IsWhatExplicitSearchFinds) {
  std::size_t added = 0, handed = 0;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const auto [older, newer] = two_policies(seed, seed % 3 == 1);
    std::set<Triple> told;
    for (const AccessChange& change : difference(older, newer, {})) {
      ASSERT_NE(change.change, Change::Unknown) << seed << ": " << change.reason;
      told.insert({change.subject, change.right, change.change});
      added += change.change == Change::Added;
      handed += !change.before.empty();
      const bool is_new = change.change == Change::Added;
      const ir::World &has = is_new ? newer : older, &lacks = is_new ? older : newer;
      const ir::Request& request = *change.witness;
      ir::Acquired acquired(has);
      for (const verdict::Step& step : change.before) EXPECT_FALSE(acquired.hand_over(*step.handover));
      EXPECT_TRUE(acquired.may(request)) << seed;
      const auto able = samples::searched(lacks, request.right, request.object, request.context);
      EXPECT_FALSE(able.contains(request.subject)) << seed;
    }
    EXPECT_EQ(told, searched_difference(older, newer)) << seed;
    EXPECT_TRUE(difference(older, older, {}).empty()) << seed;
  }
  EXPECT_GT(added, 40u);
  EXPECT_GT(handed, 20u) << "what is handed over decides too little";
}

/// A claim that no influence goes from one to the other.
bool influences(const ir::World& given, ir::SubjectId from, ir::SubjectId to) {
  ir::World world = given;
  world.claims.clear();
  ir::Claim claim;
  claim.name = "asked";
  claim.form = ir::Protected{{{to}}, {{from}}};
  world.claims.push_back(std::move(claim));
  engine::Session session(world);
  const auto made = obligation::obligation(session.rules(), ir::ClaimId{0}, {});
  return std::holds_alternative<verdict::Violated>(engine::solve(*made, session));
}

TEST(DifferenceOfInfluence, IsWhatTheClaimsSay) {
  std::size_t changed = 0;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    auto [older, newer] = two_policies(seed, seed % 3 == 1);
    for (ir::World* world : {&older, &newer}) {  // so few that not everybody influences everybody
      world->rules.resize(3);
      world->delegations.resize(2);
      world->channels.resize(3);
    }
    newer.channels.pop_back();
    const auto told = flow_difference(older, newer, {});
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) {
        if (i == j) continue;
        const ir::SubjectId from{i}, to{j};
        const bool was = influences(older, from, to), is = influences(newer, from, to);
        const std::string &source = newer.at(from).name, &target = newer.at(to).name;
        const auto found = std::find_if(told.begin(), told.end(),
                                        [&](const FlowChange& one) { return one.from == source && one.to == target; });
        ASSERT_EQ(found != told.end(), was != is) << seed << " " << i << " " << j;
        if (was == is) continue;
        EXPECT_EQ(found->change, is ? Change::Added : Change::Removed);
        EXPECT_FALSE(found->path.empty());
        ++changed;
      }
    }
    EXPECT_TRUE(flow_difference(newer, newer, {}).empty());
  }
  EXPECT_GT(changed, 15u);
}

/// Somebody who follows a protocol hands on what another may have or not.
ir::World with_a_follower() {
  ir::World world = samples::random_authority(3, false);
  world.rules.clear();
  world.delegations.resize(1);
  world.holdings.resize(1);
  ir::Delegation& given = world.delegations.front();
  given.from = ir::SubjectId{0};
  given.to = ir::SubjectId{1};
  given.rights = ir::Right::Read;
  given.objects.files = {{ir::VolumeId{2}, "/**", ""}};
  ir::Holding& held = world.holdings.front();
  held = {ir::SubjectId{0}, ir::Right::Read, true, ir::Plane::File, given.objects, held.sentence};
  world.subjects[0].trusted = true;
  world.subjects[0].follows = "Ask";
  return world;
}

TEST(DifferenceOfAuthority, KnowsNothingOfWhatProtocolsHandOver) {
  const ir::World world = with_a_follower();
  ir::World without = world;
  without.delegations.clear();
  // It may be added, and it may never have been there: the protocol says.
  const auto added = difference(without, world, {});
  ASSERT_FALSE(added.empty());
  EXPECT_EQ(added.front().change, Change::Unknown);
  EXPECT_NE(added.front().reason.find("`A`"), std::string::npos) << added.front().reason;
  EXPECT_TRUE(adds_access(added));
  // Whether the same sentences let a protocol do the same is not looked into either.
  EXPECT_TRUE(adds_access(difference(world, world, {})));
  ir::World unbound = world;
  unbound.subjects[0].follows.clear();
  const auto freed = setting_changes(world, unbound);
  EXPECT_TRUE(loosens(freed)) << "who followed a protocol is an attacker now";
  EXPECT_FALSE(loosens(setting_changes(unbound, world)));
  EXPECT_TRUE(difference(unbound, unbound, {}).empty());
}

TEST(DifferenceOfSettings, TellsOfChannelsLabelsAndReleases) {
  ir::World world = samples::random_authority(5, false);
  world.channels.resize(1);
  world.channels[0] = {"wire", {ir::SubjectId{0}}, {ir::SubjectId{1}}, {}, false, false, true, true, ir::SentenceId{0}};
  const auto told = [&](auto change) {
    ir::World other = world;
    change(other);
    return std::pair{loosens(setting_changes(world, other)), loosens(setting_changes(other, world))};
  };
  using Looser = std::pair<bool, bool>;  // there, and back
  EXPECT_EQ(told([](ir::World&) {}), Looser(false, false));
  EXPECT_EQ(told([](ir::World& w) { w.channels[0].intact = false; }), Looser(true, false));
  EXPECT_EQ(told([](ir::World& w) { w.channels[0].confidential = false; }), Looser(true, false));
  EXPECT_EQ(told([](ir::World& w) { w.channels[0].bounded = true; }), Looser(true, true));
  EXPECT_EQ(told([](ir::World& w) { w.channels[0].both_ways = true; }), Looser(true, false));
  EXPECT_EQ(told([](ir::World& w) { w.channels[0].to.push_back(ir::SubjectId{2}); }), Looser(true, false));
  EXPECT_EQ(told([](ir::World& w) { w.channels[0].to = {ir::SubjectId{2}}; }), Looser(true, true));
  EXPECT_EQ(told([](ir::World& w) { w.channels.clear(); }), Looser(false, true));
  EXPECT_EQ(told([](ir::World& w) { w.subjects[0].label = ir::LabelId{1}; }), Looser(true, true));
  EXPECT_EQ(told([](ir::World& w) { w.sets[0].patterns.files.clear(); }), Looser(true, true));
  ir::ObjectSet net;
  net.plane = ir::Plane::Net;
  net.label = ir::LabelId{1};
  net.patterns.everything = true;
  EXPECT_EQ(told([&](ir::World& w) { w.sets.push_back(net); }), Looser(true, true)) << "the label of a net";
  const auto release = [](ir::World& w) {
    w.declassifications.push_back(
        {ir::SubjectId{0}, ir::LabelId{1}, ir::LabelId{0}, ir::ChannelId{0}, ir::SentenceId{0}});
  };
  EXPECT_EQ(told(release), Looser(true, false));
}

}  // namespace
}  // namespace bulkhead::query
