// Conditions on handing over: the engine and explicit search by the reference semantics say the same; what conditions
// exclude is checked; what is forged is rejected.
#include <gtest/gtest.h>

#include <algorithm>

#include "checker/certificate/check.h"
#include "checker/engine/engine.h"
#include "lang/ir/conditions.h"
#include "lang/ir/overlap.h"
#include "random_conditions.h"

namespace bulkhead::engine {
namespace {

verdict::Verdict decide(Session& session, std::size_t claim) {
  const auto made = obligation::obligation(session.rules(), ir::ClaimId{claim}, {});
  EXPECT_TRUE(made.ok());
  return made.ok() ? solve(*made, session) : verdict::Unknown{made.error().reason};
}

const verdict::ExclusionEvidence* excluded(const verdict::Verdict& verdict) {
  const auto* holds = std::get_if<verdict::Holds>(&verdict);
  return holds == nullptr || !holds->certificate.excluded ? nullptr : &*holds->certificate.excluded;
}

bool takes_back(const verdict::Verdict& verdict) {
  const auto* violated = std::get_if<verdict::Violated>(&verdict);
  return violated != nullptr &&
         std::any_of(violated->trace.steps.begin(), violated->trace.steps.end(),
                     [](const verdict::Step& step) { return step.handover && step.handover->revocation.valid(); });
}

/// Each verdict of one world.
std::vector<verdict::Verdict> decide_all(const ir::World& world) {
  Session session(world);
  std::vector<verdict::Verdict> verdicts;
  for (std::size_t i = 0; i < world.claims.size(); ++i) verdicts.push_back(decide(session, i));
  return verdicts;
}

std::vector<certificate::Checked> check_all(const ir::World& world, std::vector<verdict::Verdict>& verdicts) {
  std::vector<certificate::Unsealed> items;
  for (std::size_t i = 0; i < verdicts.size(); ++i) items.push_back({ir::ClaimId{i}, {}, &verdicts[i]});
  return certificate::check_and_seal(world, items, {});
}

TEST(Conditions, ThatNegateNothingAreDecidedExactly) {
  std::size_t violated = 0, held = 0, by_conditions = 0;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const ir::World world = samples::random_conditions(seed, false);
    ASSERT_TRUE(ir::is_monotone(world));
    const auto expected = samples::searched_with_conditions(world);
    if (!expected) continue;
    const auto verdicts = decide_all(world);
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      EXPECT_EQ(std::holds_alternative<verdict::Violated>(verdicts[i]), expected->at(i)) << seed << " claim " << i;
      EXPECT_EQ(std::holds_alternative<verdict::Holds>(verdicts[i]), !expected->at(i)) << seed << " claim " << i;
      ++(expected->at(i) ? violated : held);
      by_conditions += excluded(verdicts[i]) != nullptr;
    }
  }
  EXPECT_GT(violated, 100u);
  EXPECT_GT(held, 100u);
  EXPECT_GT(by_conditions, 10u);
}

TEST(Conditions, ClosureSearchByTheSemanticsAndIc3NeverContradictEachOther) {
  std::size_t violated = 0, held = 0, unknown = 0, by_invariant = 0, by_taking_back = 0;
  for (std::uint32_t seed = 0; seed < 80; ++seed) {
    const ir::World world = samples::random_conditions(seed, true);
    const auto expected = samples::searched_with_conditions(world);
    if (!expected) continue;
    const auto verdicts = decide_all(world);
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (std::holds_alternative<verdict::Unknown>(verdicts[i])) {
        ++unknown;
        continue;
      }
      EXPECT_EQ(std::holds_alternative<verdict::Violated>(verdicts[i]), expected->at(i)) << seed << " claim " << i;
      ++(expected->at(i) ? violated : held);
      const auto* evidence = excluded(verdicts[i]);
      by_invariant += evidence != nullptr && !evidence->unused.empty();
      by_taking_back += takes_back(verdicts[i]);
    }
  }
  RecordProperty("unknown", static_cast<int>(unknown));
  RecordProperty("by_invariant", static_cast<int>(by_invariant));
  RecordProperty("by_taking_back", static_cast<int>(by_taking_back));
  RecordProperty("decided", static_cast<int>(violated + held));
  EXPECT_GT(violated, 100u);
  EXPECT_GT(held, 100u);
  EXPECT_GT(by_invariant, 10u);
  EXPECT_GT(by_taking_back, 5u);
  EXPECT_LE(unknown, (violated + held) / 50) << "the over-approximation decides nearly everything";
}

TEST(Conditions, EveryVerdictIsAcceptedByTheCertificateChecker) {
  if (!certificate::solver_version({}).ok()) GTEST_SKIP() << "needs cvc5: it is not installed";
  std::size_t words[2] = {};
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const ir::World world = samples::random_conditions(seed, seed % 2 == 1);
    auto verdicts = decide_all(world);
    const auto checked = check_all(world, verdicts);
    for (std::size_t i = 0; i < checked.size(); ++i) {
      if (std::holds_alternative<verdict::Unknown>(verdicts[i])) continue;
      EXPECT_EQ(checked[i].outcome, certificate::Outcome::Accepted) << seed << " " << i << " " << checked[i].reason;
      ++words[std::holds_alternative<verdict::Holds>(verdicts[i])];
    }
  }
  EXPECT_GT(words[0], 50u);
  EXPECT_GT(words[1], 50u);
}

TEST(Conditions, ALineLessNeverAddsAuthorityWhereNothingIsNegated) {
  for (std::uint32_t seed = 100; seed < 106; ++seed) {
    const ir::World world = samples::random_conditions(seed, false);
    const auto before = decide_all(world);
    for (std::size_t gone = 0; gone < world.delegations.size(); ++gone) {
      ir::World less = world;
      less.delegations.erase(less.delegations.begin() + static_cast<std::ptrdiff_t>(gone));
      const auto after = decide_all(less);
      for (std::size_t i = 0; i < after.size(); ++i) {
        EXPECT_TRUE(std::holds_alternative<verdict::Holds>(after[i]) ||
                    std::holds_alternative<verdict::Violated>(before[i]))
            << seed << " without " << gone << " claim " << i;
      }
    }
  }
}

/// A claim that holds by an invariant, and everything that its evidence could lie about.
TEST(Conditions, ForgedExclusionsAreRejected) {
  if (!certificate::solver_version({}).ok()) GTEST_SKIP() << "needs cvc5: it is not installed";
  std::size_t forged = 0;
  for (std::uint32_t seed = 0; seed < 150 && forged < 3; ++seed) {
    const ir::World world = samples::random_conditions(seed, true);
    auto verdicts = decide_all(world);
    for (std::size_t i = 0; i < verdicts.size() && forged < 3; ++i) {
      const auto* evidence = excluded(verdicts[i]);
      if (evidence == nullptr || evidence->unused.empty()) continue;
      const auto outcome = [&](const auto& change) {
        verdict::Verdict lie = verdicts[i];
        change(*std::get<verdict::Holds>(lie).certificate.excluded);
        return certificate::check_and_seal(world, {{ir::ClaimId{i}, {}, &lie}}, {}).front().outcome;
      };
      using Evidence = verdict::ExclusionEvidence;
      EXPECT_EQ(outcome([](Evidence&) {}), certificate::Outcome::Accepted);
      if (outcome([](Evidence& e) { e.unused.clear(); }) == certificate::Outcome::Accepted) continue;  // not needed
      ++forged;
      EXPECT_EQ(outcome([](Evidence& e) { e.invariant = {}; }), certificate::Outcome::Rejected);
      EXPECT_EQ(outcome([](Evidence& e) { e.invariant.proofs.pop_back(); }), certificate::Outcome::Rejected);
      EXPECT_EQ(outcome([](Evidence& e) { e.unused.front().delegation = ir::DelegationId{99}; }),
                certificate::Outcome::Rejected);
      EXPECT_EQ(outcome([](Evidence& e) {
                  e.never.push_back({ir::PossessionId{99}, {}});
                }),
                certificate::Outcome::Rejected);
      EXPECT_EQ(outcome([&](Evidence& e) {
                  for (std::size_t id = 0; id < world.possessions.size(); ++id) {
                    e.always.push_back({ir::PossessionId{id}, {}});
                  }
                }),
                certificate::Outcome::Rejected);
    }
  }
  EXPECT_GT(forged, 0u);
}

// What is said to be always true needs a request that shows it, and what is said never to be true its own question.
TEST(Conditions, WhatIsSaidOfAConditionIsShownOfThatCondition) {
  if (!certificate::solver_version({}).ok()) GTEST_SKIP() << "needs cvc5: it is not installed";
  std::size_t forged = 0;
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    const ir::World world = samples::random_conditions(seed, true);
    const auto verdicts = decide_all(world);
    const auto with = std::find_if(verdicts.begin(), verdicts.end(), [](const auto& one) { return excluded(one); });
    if (with == verdicts.end()) continue;
    const ir::ClaimId claim{static_cast<std::size_t>(with - verdicts.begin())};
    const auto rejects = [&](const auto& change) {
      verdict::Verdict lie = *with;
      change(*std::get<verdict::Holds>(lie).certificate.excluded);
      ++forged;
      return certificate::check(world, {{claim, {}, &lie}}, {}).front().outcome == certificate::Outcome::Rejected;
    };
    for (std::size_t i = 0; i < world.possessions.size(); ++i) {
      const ir::PossessionId id{i};
      EXPECT_TRUE(rejects([&](auto& evidence) { evidence.never.push_back({id, {}}); })) << seed;
      const ir::Possession& what = world.possessions[i];
      for (const ir::Possession& other : world.possessions) {
        for (const ir::SubjectId subject : {what.holder, other.holder}) {
          for (const ir::Right right : {what.right, other.right}) {
            const ir::Object object = ir::FileObject{other.objects.files.front().volume, "/"};
            const ir::Request request{subject, right, object, {}};
            const bool same = subject == what.holder && right == what.right &&
                              what.objects.files.front().volume == other.objects.files.front().volume;
            if (same && ir::Acquired(world).may(request)) continue;
            EXPECT_TRUE(rejects([&](auto& evidence) { evidence.always.push_back({id, request}); })) << seed;
          }
        }
      }
    }
  }
  EXPECT_GT(forged, 50u);
}

/// A hands to B, B to C; A may take back from B, and B holds something else from the start.
ir::World tree() {
  ir::World world = samples::random_conditions(0, false);
  world.holdings.clear();
  world.delegations.clear();
  world.revocations.clear();
  world.possessions.clear();
  ir::ObjectPatterns disk;
  disk.files.push_back({ir::VolumeId{2}, "/", ""});
  const ir::Rights read = ir::Right::Read;
  const auto give = [&](std::size_t from, std::size_t to) {
    world.delegations.push_back({ir::SubjectId{from},
                                 ir::SubjectId{to},
                                 read,
                                 true,
                                 ir::Plane::File,
                                 disk,
                                 ir::ChannelId{0},
                                 ir::SentenceId{0},
                                 {}});
  };
  world.holdings.push_back({ir::SubjectId{0}, read, true, ir::Plane::File, disk, ir::SentenceId{0}});
  give(0, 1);
  give(1, 2);
  give(0, 2);
  world.revocations.push_back({ir::SubjectId{0}, ir::SubjectId{1}, read, ir::Plane::File, disk, ir::SentenceId{0}, {}});
  return world;
}

ir::Handover hands(std::size_t delegation, std::optional<std::size_t> source = {}) {
  return {ir::DelegationId{delegation}, ir::Right::Read, ir::FileObject{ir::VolumeId{2}, "/"}, {}, {}, source, {}, {}};
}
ir::Handover takes(std::size_t step) {
  return {{}, ir::Right::Read, ir::FileObject{ir::VolumeId{2}, "/"}, {}, {}, step, ir::RevocationId{0}, {}};
}

TEST(Conditions, TakingBackTakesWhatWasDerivedAndNothingElse) {
  const ir::World world = tree();
  const ir::Object disk = ir::FileObject{ir::VolumeId{2}, "/"};
  const auto has = [&](const ir::Acquired& now, std::size_t who) {
    return now.may({ir::SubjectId{who}, ir::Right::Read, disk, {}});
  };
  ir::Acquired now(world);
  ASSERT_FALSE(now.hand_over({hands(0), hands(1, 0)}));
  EXPECT_TRUE(has(now, 2));
  ASSERT_FALSE(now.hand_over(takes(0)));
  EXPECT_FALSE(has(now, 1));
  EXPECT_FALSE(has(now, 2)) << "it was derived from what was taken back";
  EXPECT_TRUE(has(now, 0)) << "what is held from the start stays";
  EXPECT_TRUE(now.hand_over(takes(0))) << "it is gone already";
  EXPECT_TRUE(now.hand_over(hands(1, 0))) << "nor can it be handed on";

  ir::Acquired twice(world);
  ASSERT_FALSE(twice.hand_over({hands(0), hands(1, 0), hands(2), takes(0)}));
  EXPECT_TRUE(has(twice, 2)) << "another live capability carries it";
  EXPECT_TRUE(twice.hand_over(takes(2))) << "that one was handed over to somebody else";
}

TEST(Conditions, AStepIsTakenOnlyWhileItsConditionIsMet) {
  ir::World world = tree();
  ir::ObjectPatterns disk = world.holdings.front().objects;
  world.possessions.push_back({ir::SubjectId{1}, ir::Right::Read, disk, "Disk"});
  world.delegations[2].when.alternatives = {{{ir::PossessionId{0}, true}}};
  world.revocations[0].when.alternatives = {{{ir::PossessionId{0}, false}}};
  ASSERT_TRUE(ir::has_conditions(world));
  EXPECT_FALSE(ir::is_monotone(world));
  ir::Acquired now(world);
  ASSERT_FALSE(now.hand_over(hands(0)));
  EXPECT_TRUE(now.hand_over(hands(2))) << "B has it";
  ASSERT_FALSE(now.hand_over(takes(0)));
  EXPECT_FALSE(now.hand_over(hands(2))) << "B has it no more";
}

TEST(Conditions, TheFixpointTakesConditionsForTrue) {
  ir::World world = tree();
  world.possessions.push_back({ir::SubjectId{2}, ir::Right::Write, world.holdings.front().objects, "Disk"});
  for (ir::Delegation& one : world.delegations) one.when.alternatives = {{{ir::PossessionId{0}, false}}};
  const auto able =
      ir::ever_may(world, ir::Right::Read, ir::FileObject{ir::VolumeId{2}, "/"}, {}, ir::Actors::Everybody);
  EXPECT_EQ(able.size(), 3u);
  EXPECT_TRUE(ir::Acquired(world).hand_over(hands(0)));
}

TEST(Overlap, IsToldInItsDirection) {
  const auto files = [](std::size_t volume, const char* glob) {
    ir::ObjectPatterns patterns;
    patterns.files.push_back({ir::VolumeId{volume}, glob, ""});
    return patterns;
  };
  const auto overlap = [&](const ir::ObjectPatterns& a, const ir::ObjectPatterns& b) {
    EXPECT_EQ(ir::may_overlap(ir::Plane::File, a, b), ir::may_overlap(ir::Plane::File, b, a));
    return ir::may_overlap(ir::Plane::File, a, b);
  };
  EXPECT_FALSE(overlap(files(2, "/**"), files(3, "/**")));
  EXPECT_FALSE(overlap(files(2, "/a/**"), files(2, "/b/**")));
  EXPECT_TRUE(overlap(files(2, "/a/**"), files(2, "/a"))) << "`/a/**` includes `/a`";
  EXPECT_TRUE(overlap(files(2, "/a/**"), files(2, "/a/b/*")));
  EXPECT_TRUE(overlap(files(2, "/{a,b}/x"), files(2, "/b/**")));
  EXPECT_FALSE(overlap(files(2, "/a/x"), files(2, "/a/y")));
  ir::ObjectPatterns host = files(2, "/srv/data/**");
  host.files.front().prefix = "/srv/data";
  EXPECT_TRUE(overlap(host, files(2, "/x"))) << "what a prefix leaves is not looked at";
  ir::ObjectPatterns everything;
  everything.everything = true;
  EXPECT_TRUE(overlap(everything, files(2, "/x")));

  EXPECT_TRUE(ir::surely_within(ir::Plane::File, files(2, "/a/b"), files(2, "/a/**")));
  EXPECT_TRUE(ir::surely_within(ir::Plane::File, files(2, "/a/*"), everything));
  EXPECT_FALSE(ir::surely_within(ir::Plane::File, files(2, "/a/**"), files(2, "/a/b")));
  EXPECT_FALSE(ir::surely_within(ir::Plane::File, everything, files(2, "/**")));
}

}  // namespace
}  // namespace bulkhead::engine
