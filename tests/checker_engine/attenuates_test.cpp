// `child attenuates parent` in each context by itself: the engine says what explicit search finds, and what it says is
// accepted, altered evidence is not.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <tuple>

#include "checker/certificate/check.h"
#include "checker/engine/engine.h"
#include "lang/ir/eval.h"
#include "random_authority.h"

namespace bulkhead::engine {
namespace {

constexpr std::size_t kSubjects = 4;

ir::ClaimId add_attenuates_claim(ir::World& world, ir::SubjectId child, ir::SubjectId parent) {
  ir::Claim claim;
  claim.name = "attenuates" + std::to_string(world.claims.size());
  claim.form = ir::Attenuates{{child}, {parent}};
  claim.sentence = ir::SentenceId{0};
  world.claims.push_back(std::move(claim));
  return ir::ClaimId{world.claims.size() - 1};
}

/// A world whose claims compare everybody with everybody, and which of them explicit search violates.
struct Compared {
  ir::World world;
  std::vector<bool> exceeds;
};

Compared compared(std::uint32_t seed) {
  Compared made{samples::random_authority(seed, true), {}};
  made.world.claims.clear();
  std::map<std::pair<std::size_t, std::size_t>, bool> exceeds;
  for (const ir::Right right : {ir::Right::Read, ir::Right::Write}) {
    for (const ir::Object& object : samples::authority_objects()) {
      for (const ir::Context& context : samples::authority_contexts()) {
        const auto able = samples::searched(made.world, right, object, context);
        for (const ir::SubjectId child : able) {
          for (std::size_t parent = 0; parent < kSubjects; ++parent) {
            if (able.count(ir::SubjectId{parent}) == 0) exceeds[{child.index(), parent}] = true;
          }
        }
      }
    }
  }
  for (std::size_t child = 0; child < kSubjects; ++child) {
    for (std::size_t parent = 0; parent < kSubjects; ++parent) {
      if (child == parent) continue;
      add_attenuates_claim(made.world, ir::SubjectId{child}, ir::SubjectId{parent});
      made.exceeds.push_back(exceeds[{child, parent}]);
    }
  }
  return made;
}

verdict::Verdict decide(Session& session, ir::ClaimId claim) {
  const auto made = obligation::obligation(session.rules(), claim, {});
  EXPECT_TRUE(made.ok());
  return made.ok() ? solve(*made, session) : verdict::Unknown{made.error().reason};
}

TEST(Attenuates, IsDecidedInEachContextAsExplicitSearchDecidesIt) {
  std::size_t holds = 0, violated = 0;
  for (std::uint32_t seed = 700; seed < 724; ++seed) {
    const Compared made = compared(seed);
    Session session(made.world);
    for (std::size_t i = 0; i < made.exceeds.size(); ++i) {
      const verdict::Verdict verdict = decide(session, ir::ClaimId{i});
      EXPECT_EQ(verdict::word(verdict), made.exceeds[i] ? "violated" : "holds") << "seed " << seed << " claim " << i;
      ++(made.exceeds[i] ? violated : holds);
    }
  }
  EXPECT_GT(holds, 10u);
  EXPECT_GT(violated, 100u);
}

/// The story of a violation, whose last step is what the child does.
verdict::Step& last_step(verdict::Verdict& verdict) {
  return std::get<verdict::Violated>(verdict).trace.steps.back();
}

TEST(Attenuates, TheSurplusOfAChildIsShownInItsContext) {
  if (!certificate::solver_version({}).ok()) GTEST_SKIP() << "needs cvc5: it is not installed";
  std::size_t forged = 0, unsupported = 0;
  for (std::uint32_t seed = 700; seed < 712; ++seed) {
    const Compared made = compared(seed);
    Session session(made.world);
    std::vector<verdict::Verdict> verdicts;
    for (std::size_t i = 0; i < made.exceeds.size(); ++i) verdicts.push_back(decide(session, ir::ClaimId{i}));
    const auto outcomes = [&](const std::vector<verdict::Verdict>& list) {
      std::vector<certificate::Item> items;
      for (std::size_t i = 0; i < list.size(); ++i) items.push_back({ir::ClaimId{i}, {}, &list[i]});
      std::vector<certificate::Outcome> found;
      for (const auto& one : certificate::check(made.world, items, {})) found.push_back(one.outcome);
      return found;
    };
    for (const certificate::Outcome one : outcomes(verdicts)) EXPECT_EQ(one, certificate::Outcome::Accepted) << seed;
    // In the other context it is another question; without the negation nobody says what the parent is handed.
    std::vector<verdict::Verdict> moved = verdicts, bare = verdicts;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (!made.exceeds[i]) continue;
      ir::Request& request = last_step(moved[i]).requests.front();
      auto& mfa = std::get<bool>(request.context.begin()->second);
      mfa = !mfa;
      std::get<verdict::Violated>(bare[i]).negation.reset();
    }
    const auto after = outcomes(moved), without = outcomes(bare);
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (!made.exceeds[i]) continue;
      const ir::Request& request = last_step(moved[i]).requests.front();
      const auto& claim = std::get<ir::Attenuates>(made.world.claims[i].form);
      const auto able = samples::searched(made.world, request.right, request.object, request.context);
      const bool still = able.count(claim.child.fixed) != 0 && able.count(claim.parent.fixed) == 0;
      if (!still) {
        EXPECT_EQ(after[i], certificate::Outcome::Rejected) << seed << " claim " << i;
      }
      forged += !still;
      const bool said = std::get<verdict::Violated>(verdicts[i]).negation.has_value();
      if (said && ir::contexts_decide(made.world, request.right)) {
        EXPECT_EQ(without[i], certificate::Outcome::Rejected) << seed << " claim " << i;
        ++unsupported;
      }
    }
  }
  EXPECT_GT(forged, 10u);
  EXPECT_GT(unsupported, 10u);
}

/// Something that the child may do by itself and the parent only with what it is handed.
std::optional<ir::Request> handed_to_parent(const ir::World& world, const ir::Attenuates& claim) {
  for (const ir::Right right : {ir::Right::Read, ir::Right::Write}) {
    for (const ir::Object& object : samples::authority_objects()) {
      for (const ir::Context& context : samples::authority_contexts()) {
        const ir::Request own{claim.child.fixed, right, object, context};
        ir::Request parents = own;
        parents.subject = claim.parent.fixed;
        const bool more = ir::decide(world, own).allowed && !ir::decide(world, parents).allowed;
        if (more && samples::searched(world, right, object, context).count(claim.parent.fixed) != 0) return own;
      }
    }
  }
  return std::nullopt;
}

// The negation is about the request that is replayed, not about one that stands beside an edge and is replayed nowhere.
TEST(Attenuates, TheNegationOfAnotherRequestShowsNothing) {
  if (!certificate::solver_version({}).ok()) GTEST_SKIP() << "needs cvc5: it is not installed";
  std::size_t forged = 0;
  for (std::uint32_t seed = 700; seed < 712; ++seed) {
    const Compared made = compared(seed);
    Session session(made.world);
    for (std::size_t i = 0; i < made.exceeds.size(); ++i) {
      verdict::Verdict verdict = decide(session, ir::ClaimId{i});
      auto* violated = std::get_if<verdict::Violated>(&verdict);
      const auto handed = handed_to_parent(made.world, std::get<ir::Attenuates>(made.world.claims[i].form));
      if (violated == nullptr || !violated->negation || !handed) continue;
      last_step(verdict).cause = obligation::Cause::SharedObject;
      violated->trace.steps.insert(violated->trace.steps.begin(), verdict::Step{});
      violated->trace.steps.front().requests = {*handed};
      const auto checked = certificate::check(made.world, {{ir::ClaimId{i}, {}, &verdict}}, {});
      EXPECT_EQ(checked.at(0).outcome, certificate::Outcome::Rejected) << "seed " << seed << " claim " << i;
      ++forged;
    }
  }
  EXPECT_GT(forged, 5u);
}

}  // namespace
}  // namespace bulkhead::engine
