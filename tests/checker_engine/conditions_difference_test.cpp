// What two policies differ in where conditions of delegations ask for things: what is settled, and the answers of
// `diff`, beside explicit search over runs.
#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "checker/certificate/check.h"
#include "checker/engine/engine.h"
#include "checker/query/difference.h"
#include "checker/query/flow_difference.h"
#include "checker/query/settled.h"
#include "lang/ir/conditions.h"
#include "random_conditions.h"
#include "tests/support/flow_map.h"

namespace bulkhead::query {
namespace {

using Triple = std::tuple<std::string, ir::Right, Change>;

const ir::CannotAcquire& claim_of(const ir::World& world, std::size_t claim) {
  return std::get<ir::CannotAcquire>(world.claims.at(claim).form);
}

ir::Object object_of(const ir::CannotAcquire& claim) {
  return ir::FileObject{claim.objects.patterns.files.front().volume, "/"};
}

ir::Right right_of(const ir::CannotAcquire& claim) {
  return claim.rights.has(ir::Right::Read) ? ir::Right::Read : ir::Right::Write;
}

TEST(Settled, IsWhatExplicitSearchFinds) {
  std::size_t known_of_negated = 0, able = 0, conditional = 0;
  for (std::uint32_t seed = 0; seed < 80; ++seed) {
    const bool negation = seed % 2 == 1;
    const ir::World world = samples::random_conditions(seed, negation);
    const auto expected = samples::searched_with_conditions(world);
    if (!expected) continue;
    const Settled settled(world, {});
    EXPECT_TRUE(settled.known() || negation) << seed;
    if (!settled.known()) continue;
    EXPECT_FALSE(ir::has_conditions(settled.asked()));
    known_of_negated += !ir::is_monotone(world);
    for (std::size_t i = 0; i < world.claims.size(); ++i) {
      const ir::CannotAcquire& claim = claim_of(world, i);
      const auto ever = [&](const ir::World& of) {
        return ir::ever_may(of, right_of(claim), object_of(claim), {}, ir::Actors::Everybody)
            .contains(claim.subject.fixed);
      };
      EXPECT_EQ(ever(settled.asked()), expected->at(i)) << seed << " claim " << i;
      able += expected->at(i);
      conditional += ever(world) != expected->at(i);
    }
  }
  EXPECT_GT(known_of_negated, 0u);
  EXPECT_GT(able, 100u);
  EXPECT_GT(conditional, 20u) << "conditions decide too little";
}

/// The policy without a sentence, or with one that asks for less or for something else.
std::pair<ir::World, ir::World> two_policies(std::uint32_t seed, bool negation) {
  ir::World older = samples::random_conditions(seed, negation);
  ir::World newer = older;
  if (seed % 3 == 0) newer.delegations.pop_back();
  if (seed % 3 == 1) newer.delegations[seed % 7].when = {};
  if (seed % 3 == 2) std::swap(newer.delegations[0].when, newer.delegations[1].when);
  return {std::move(older), std::move(newer)};
}

TEST(DifferenceUnderConditions, IsWhatExplicitSearchFinds) {
  std::size_t told_of = 0, unknown = 0, after_steps = 0;
  for (std::uint32_t seed = 0; seed < 90; ++seed) {
    const auto [older, newer] = two_policies(seed, seed % 5 == 4);
    const auto before = samples::searched_with_conditions(older), after = samples::searched_with_conditions(newer);
    if (!before || !after) continue;
    const auto changes = difference(older, newer, {});
    std::set<Triple> told, expected;
    bool open = false;
    for (const AccessChange& change : changes) {
      open = open || change.change == Change::Unknown;
      if (change.change == Change::Unknown) continue;
      told.insert({change.subject, change.right, change.change});
      ir::Acquired acquired(change.change == Change::Added ? newer : older);
      for (const verdict::Step& step : change.before) EXPECT_FALSE(acquired.hand_over(*step.handover)) << seed;
      EXPECT_TRUE(acquired.may(*change.witness)) << seed;
      after_steps += change.before.size() > 1;
    }
    if (open) {
      EXPECT_FALSE(ir::is_monotone(older) && ir::is_monotone(newer)) << seed;
      ++unknown;
      continue;
    }
    for (std::size_t i = 0; i < older.claims.size(); ++i) {
      const ir::CannotAcquire& claim = claim_of(older, i);
      if (before->at(i) == after->at(i)) continue;
      expected.insert(
          {older.at(claim.subject.fixed).name, right_of(claim), after->at(i) ? Change::Added : Change::Removed});
    }
    EXPECT_EQ(told, expected) << seed;
    told_of += told.size();
  }
  EXPECT_GT(told_of, 20u);
  EXPECT_GT(after_steps, 3u) << "nothing had to be brought about first";
  EXPECT_LT(unknown, 20u);
}

TEST(FlowDifferenceUnderConditions, IsToldWithWhatComesBefore) {
  std::size_t added = 0, handed = 0;
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    auto [older, newer] = two_policies(seed, false);
    older.flow = newer.flow = samples::whole_flow_map();
    for (const FlowChange& change : flow_difference(older, newer, {})) {
      EXPECT_NE(change.change, Change::Unknown) << seed << ": " << change.reason;
      added += change.change == Change::Added;
      handed += !change.path.empty() && change.path.front().handover.has_value();
      ir::Acquired acquired(change.change == Change::Added ? newer : older);
      for (const verdict::Step& step : change.path) {
        if (step.handover) {
          EXPECT_FALSE(acquired.hand_over(*step.handover)) << seed;
        }
      }
    }
    EXPECT_TRUE(flow_difference(newer, newer, {}).empty()) << seed;
  }
  EXPECT_GT(added, 0u);
  EXPECT_GT(handed, 0u);
}

/// Whether the child comes to something in some run that the parent comes to in none.
bool exceeds(const ir::World& world, const std::vector<bool>& acquired, std::size_t child, std::size_t parent) {
  const std::size_t each = acquired.size() / world.subjects.size();  // the claims stand in the order of the subjects
  for (std::size_t i = 0; i < each; ++i) {
    if (acquired[child * each + i] && !acquired[parent * each + i]) return true;
  }
  return false;
}

TEST(AttenuatesUnderConditions, NeverContradictsExplicitSearch) {
  std::size_t words[4] = {};
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    ir::World world = samples::random_conditions(seed, seed % 3 == 2);
    const auto acquired = samples::searched_with_conditions(world);
    if (!acquired) continue;
    const std::size_t first = world.claims.size();
    std::vector<bool> expected;
    for (std::size_t child = 0; child < world.subjects.size(); ++child) {
      for (std::size_t parent = 0; parent < world.subjects.size(); ++parent) {
        if (child == parent) continue;
        ir::Claim claim;
        claim.name = "attenuates" + std::to_string(expected.size());
        claim.form = ir::Attenuates{{ir::SubjectId{child}}, {ir::SubjectId{parent}}};
        claim.sentence = ir::SentenceId{0};
        world.claims.push_back(std::move(claim));
        expected.push_back(exceeds(world, *acquired, child, parent));
      }
    }
    engine::Session session(world);
    std::vector<verdict::Verdict> verdicts;
    std::vector<certificate::Item> items;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto made = obligation::obligation(session.rules(), ir::ClaimId{first + i}, {});
      ASSERT_TRUE(made.ok());
      verdicts.push_back(engine::solve(*made, session));
      ++words[verdicts.back().index()];
      if (std::holds_alternative<verdict::Unknown>(verdicts.back())) continue;
      EXPECT_EQ(verdict::word(verdicts.back()), expected[i] ? "violated" : "holds") << seed << " claim " << i;
    }
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (!std::holds_alternative<verdict::Unknown>(verdicts[i]))
        items.push_back({ir::ClaimId{first + i}, {}, &verdicts[i]});
    }
    if (!certificate::solver_version({}).ok()) continue;
    for (const auto& one : certificate::check(world, items, {})) {
      EXPECT_EQ(one.outcome, certificate::Outcome::Accepted) << seed << ": " << one.reason;
    }
  }
  RecordProperty("unknown", static_cast<int>(words[3]));
  EXPECT_GT(words[0], 30u);
  EXPECT_GT(words[1], 100u);
  EXPECT_LT(words[3], 60u) << "what a run brings about is not counted for the parent, and nothing else is open";
}

}  // namespace
}  // namespace bulkhead::query
