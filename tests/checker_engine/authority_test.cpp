// Authority that moves: the engine, the naive fixpoint and explicit search say the same; more sentences, more
// authority.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "checker/certificate/check.h"
#include "checker/certificate/saturation.h"
#include "checker/engine/engine.h"
#include "random_authority.h"

namespace bulkhead::engine {
namespace {

verdict::Verdict decide(Session& session, ir::ClaimId claim, const obligation::Instance& instance = {}) {
  const auto made = obligation::obligation(session.rules(), claim, instance);
  EXPECT_TRUE(made.ok()) << made.error().reason;
  return made.ok() ? solve(*made, session) : verdict::Unknown{made.error().reason};
}

bool violated(const ir::World& world, ir::ClaimId claim) {
  Session session(world);
  const verdict::Verdict verdict = decide(session, claim);
  EXPECT_FALSE(std::holds_alternative<verdict::Unknown>(verdict)) << std::get<verdict::Unknown>(verdict).reason;
  return std::holds_alternative<verdict::Violated>(verdict);
}

TEST(Authority, EngineNaiveFixpointAndExplicitSearchAgree) {
  std::size_t able = 0, unable = 0;
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const bool conditions = seed % 2 == 1;
    ir::World world = samples::random_authority(seed, conditions);
    world.claims.clear();
    struct Case {
      ir::ClaimId claim;
      bool expected = false;
    };
    std::vector<Case> cases;
    for (const ir::Right right : {ir::Right::Read, ir::Right::Write}) {
      for (const ir::Object& object : samples::authority_objects()) {
        std::set<ir::SubjectId> found;
        for (const ir::Context& context : samples::authority_contexts()) {
          const auto one = samples::searched(world, right, object, context);
          found.insert(one.begin(), one.end());
          if (!conditions) {
            EXPECT_EQ(one, ir::ever_may(world, right, object, context, ir::Actors::Everybody)) << seed;
          }
        }
        for (std::size_t i = 0; i < 4; ++i) {
          const ir::SubjectId subject{i};
          cases.push_back({samples::add_acquire_claim(world, subject, right, object), found.count(subject) != 0});
        }
      }
    }
    Session session(world);
    for (const Case& one : cases) {
      const verdict::Verdict verdict = decide(session, one.claim);
      EXPECT_EQ(std::holds_alternative<verdict::Violated>(verdict), one.expected) << seed << " " << one.claim.index();
      EXPECT_EQ(std::holds_alternative<verdict::Holds>(verdict), !one.expected) << seed << " " << one.claim.index();
      ++(one.expected ? able : unable);
    }
  }
  EXPECT_GT(able, 300u);
  EXPECT_GT(unable, 300u);
}

TEST(Authority, EveryVerdictIsAcceptedByTheCertificateChecker) {
  if (!certificate::solver_version({}).ok()) GTEST_SKIP() << "needs cvc5: it is not installed";
  std::size_t words[4] = {};
  std::size_t handed = 0;
  for (std::uint32_t seed = 100; seed < 130; ++seed) {
    const ir::World world = samples::random_authority(seed, seed % 2 == 1);
    Session session(world);
    std::vector<std::pair<certificate::Item, verdict::Verdict>> done;
    for (std::size_t i = 0; i < world.claims.size(); ++i) {
      for (const obligation::Instance& instance : obligation::instances(world, ir::ClaimId{i})) {
        done.push_back({{ir::ClaimId{i}, instance, nullptr}, decide(session, ir::ClaimId{i}, instance)});
      }
    }
    std::vector<certificate::Item> items;
    for (auto& [item, verdict] : done) {
      item.verdict = &verdict;
      ++words[verdict.index()];
      const auto* shown = std::get_if<verdict::Violated>(&verdict);
      handed += shown != nullptr && !shown->trace.steps.empty() && shown->trace.steps.front().handover.has_value();
      if (!std::holds_alternative<verdict::Unknown>(verdict)) items.push_back(item);
    }
    const auto checked = certificate::check(world, items, {});
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto form = world.at(items[i].claim).form.index();
      EXPECT_EQ(checked[i].outcome, certificate::Outcome::Accepted)
          << "seed " << seed << ", form " << form << " is " << verdict::word(*items[i].verdict) << ": "
          << checked[i].reason;
    }
  }
  EXPECT_GT(words[0], 60u);
  EXPECT_GT(words[1], 100u);
  EXPECT_EQ(words[3], 0u);
  EXPECT_GT(handed, 30u) << "what is handed over decides too little";
}

TEST(Authority, TheLinearSaturationOfTheCheckerIsTheNaiveOne) {
  std::size_t able = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const ir::World world = samples::random_authority(seed, false);
    for (const ir::Right right : {ir::Right::Read, ir::Right::Write}) {
      for (const ir::Object& object : samples::authority_objects()) {
        const std::set<ir::SubjectId> naive = ir::ever_may(world, right, object, {}, ir::Actors::Everybody);
        const std::vector<bool> linear = certificate::saturated(world, right, object);
        ASSERT_EQ(linear.size(), world.subjects.size());
        for (std::size_t i = 0; i < linear.size(); ++i) {
          EXPECT_EQ(linear[i], naive.count(ir::SubjectId{i}) != 0) << seed << " subject " << i;
        }
        able += naive.size();
      }
    }
  }
  EXPECT_GT(able, 500u);
}

std::vector<verdict::QueryEvidence>* queries_of(verdict::Verdict& verdict) {
  auto* holds = std::get_if<verdict::Holds>(&verdict);
  auto* empty = holds == nullptr ? nullptr : std::get_if<verdict::EmptyEvidence>(&holds->certificate.evidence);
  return empty == nullptr ? nullptr : &empty->queries;
}

/// A ring in which everybody hands on to the next and to some others what is public.
ir::World ring(std::size_t containers, std::size_t each) {
  ir::World world = samples::random_authority(0, false);
  world.rules.clear();
  world.holdings.clear();
  world.delegations.clear();
  world.claims.clear();
  world.subjects.resize(1);
  const auto part = [](const char* glob) {
    ir::ObjectPatterns patterns;
    patterns.files.push_back({ir::VolumeId{2}, glob, ""});
    return patterns;
  };
  const ir::Subject one = world.subjects.front();
  for (std::size_t i = 1; i < containers; ++i) {
    world.subjects.push_back(one);
    world.subjects.back().name = "C" + std::to_string(i);
  }
  world.holdings.push_back({ir::SubjectId{0}, ir::Right::Read, true, ir::Plane::File, part("/**"), ir::SentenceId{0}});
  for (std::size_t i = 0; i < containers * each; ++i) {
    ir::Delegation given;
    given.from = ir::SubjectId{i / each};
    given.to = ir::SubjectId{i % each == 0 ? (i / each + 1) % containers : (i * 7919) % containers};
    given.rights = ir::Right::Read;
    given.onward = true;
    given.objects = part("/a/**");
    given.sentence = ir::SentenceId{0};
    world.delegations.push_back(given);
  }
  return world;
}

TEST(Authority, QuestionsAreAsLargeAsTheDelegationsAndNotLarger) {
  std::size_t before = 0;
  for (const std::size_t containers : {20, 40, 80}) {
    ir::World world = ring(containers, 5);
    const auto claim = samples::add_acquire_claim(world, ir::SubjectId{containers / 2}, ir::Right::Read,
                                                  ir::FileObject{ir::VolumeId{2}, "/c"});
    const auto made = obligation::obligation(world, claim, {});
    ASSERT_TRUE(made.ok());
    const auto& formula = std::get<obligation::AllEmpty>(made->goal).queries.front().query.formula;
    EXPECT_EQ(formula.equations.size(), containers);
    if (before != 0) {
      EXPECT_LE(formula.nodes.size(), 2 * before + 20) << "twice the ring, twice the question";
    }
    before = formula.nodes.size();
  }
}

TEST(Authority, ARingOfHundredsIsDecidedAndCertified) {
  if (!certificate::solver_version({}).ok()) GTEST_SKIP() << "needs cvc5: it is not installed";
  ir::World world = ring(300, 10);
  const auto kept =
      samples::add_acquire_claim(world, ir::SubjectId{150}, ir::Right::Read, ir::FileObject{ir::VolumeId{2}, "/c"});
  const auto lost =
      samples::add_acquire_claim(world, ir::SubjectId{150}, ir::Right::Read, ir::FileObject{ir::VolumeId{2}, "/a/b"});
  Session session(world);
  const verdict::Verdict holds = decide(session, kept), violated = decide(session, lost);
  EXPECT_EQ(verdict::word(holds), "holds");
  ASSERT_EQ(verdict::word(violated), "violated");
  EXPECT_GE(std::get<verdict::Violated>(violated).trace.steps.size(), 2u) << "somebody handed it over";
  for (const auto& checked : certificate::check(world, {{kept, {}, &holds}, {lost, {}, &violated}}, {})) {
    EXPECT_EQ(checked.outcome, certificate::Outcome::Accepted) << checked.reason;
  }
}

/// Whom the claims of a world refute.
std::vector<bool> refuted(const ir::World& world) {
  std::vector<bool> list;
  for (std::size_t i = 0; i < world.claims.size(); ++i) list.push_back(violated(world, ir::ClaimId{i}));
  return list;
}

ir::World with_acquire_claims(std::uint32_t seed) {
  ir::World world = samples::random_authority(seed, seed % 2 == 1);
  world.claims.clear();
  const auto objects = samples::authority_objects();
  for (std::size_t i = 0; i < 4; ++i) {
    for (const std::size_t object : {1, 2, 4, 9, 12}) {
      samples::add_acquire_claim(world, ir::SubjectId{i}, ir::Right::Read, objects.at(object));
    }
  }
  return world;
}

TEST(Authority, ASetThatIsNotClosedIsRejected) {
  if (!certificate::solver_version({}).ok()) GTEST_SKIP() << "needs cvc5: it is not installed";
  // Six in a circle have everything, six that get a part of it from them hand all they have to the last one.
  ir::World world = ring(13, 0);
  const auto give = [&](std::size_t from, std::size_t to, const char* glob) {
    ir::Delegation one;
    one.from = ir::SubjectId{from};
    one.to = ir::SubjectId{to};
    one.rights = ir::Right::Read;
    one.onward = true;
    one.objects.files.push_back({ir::VolumeId{2}, glob, ""});
    one.sentence = ir::SentenceId{0};
    world.delegations.push_back(one);
  };
  for (std::size_t i = 0; i < 6; ++i) {
    give(i, (i + 1) % 6, "/**");
    give(i, 6 + i, "/a/**");
    give(6 + i, 12, "/**");
  }
  const auto claim =
      samples::add_acquire_claim(world, ir::SubjectId{12}, ir::Right::Read, ir::FileObject{ir::VolumeId{2}, "/c"});
  Session session(world);
  verdict::Verdict verdict = decide(session, claim);
  const auto outcome = [&] { return certificate::check(world, {{claim, {}, &verdict}}, {}).front().outcome; };
  ASSERT_EQ(outcome(), certificate::Outcome::Accepted);
  auto& closed = queries_of(verdict)->front().closed;
  std::size_t listed = 0;
  for (verdict::ClosedClass& one : closed) {
    for (std::size_t i = 0; i < one.variables.size(); ++i) {
      if (!one.variables[i]) continue;
      ++listed;
      one.variables[i] = false;
      EXPECT_EQ(outcome(), certificate::Outcome::Rejected) << "it is the least one, so nothing can be left out";
      one.variables[i] = true;
    }
  }
  EXPECT_GE(listed, 6u) << "nothing was forged";
  for (verdict::ClosedClass& one : closed) one.variables.assign(one.variables.size(), true);
  EXPECT_EQ(outcome(), certificate::Outcome::Rejected) << "everything is closed, and rules nothing out";
  closed.clear();
  EXPECT_EQ(outcome(), certificate::Outcome::Rejected);
}

TEST(Authority, ARemovedSentenceNeverAddsAny) {
  for (std::uint32_t seed = 200; seed < 210; ++seed) {
    const ir::World world = with_acquire_claims(seed);
    const std::vector<bool> before = refuted(world);
    const auto compare = [&](const ir::World& less) {
      const std::vector<bool> after = refuted(less);
      for (std::size_t i = 0; i < after.size(); ++i) EXPECT_TRUE(before[i] || !after[i]) << seed << " claim " << i;
    };
    for (std::size_t i = 0; i < world.delegations.size(); ++i) {
      ir::World less = world;
      less.delegations.erase(less.delegations.begin() + static_cast<std::ptrdiff_t>(i));
      compare(less);
    }
    ir::World less = world;
    less.holdings.clear();
    compare(less);
    std::erase_if(less.rules, [](const ir::Rule& rule) { return rule.effect == ir::Effect::Permit; });
    compare(less);
  }
}

TEST(Authority, OrderAndNamesDoNotMatter) {
  for (std::uint32_t seed = 300; seed < 310; ++seed) {
    const ir::World world = with_acquire_claims(seed);
    ir::World turned = world;
    std::reverse(turned.delegations.begin(), turned.delegations.end());
    std::reverse(turned.rules.begin(), turned.rules.end());
    std::reverse(turned.holdings.begin(), turned.holdings.end());
    for (ir::Subject& subject : turned.subjects) subject.name = "renamed_" + subject.name;
    EXPECT_EQ(refuted(world), refuted(turned)) << seed;
  }
}

TEST(Authority, MergedSidesInfluenceWhateverTheirPartsDo) {
  std::size_t together = 0;
  for (std::uint32_t seed = 400; seed < 412; ++seed) {
    ir::World world = samples::random_authority(seed, false);
    world.claims.clear();
    const auto claim = [&](std::vector<ir::SubjectRef> from) {
      ir::Claim made;
      made.name = "p" + std::to_string(world.claims.size());
      made.form = ir::Protected{{{ir::SubjectId{3}}}, std::move(from)};
      made.sentence = ir::SentenceId{0};
      world.claims.push_back(std::move(made));
    };
    claim({{ir::SubjectId{0}}});
    claim({{ir::SubjectId{1}}});
    claim({{ir::SubjectId{0}}, {ir::SubjectId{1}}});
    const std::vector<bool> found = refuted(world);
    EXPECT_EQ(found[2], found[0] || found[1]) << seed;
    together += found[2];
  }
  EXPECT_GT(together, 0u);
}

TEST(FlowMap, DecidesWhatFlows) {
  std::size_t lost = 0;
  for (std::uint32_t seed = 600; seed < 612; ++seed) {
    const ir::World whole = samples::random_authority(seed, false);
    ir::World files = whole;  // without channels
    files.flow.channel = files.flow.backpressure = files.flow.overhearing = files.flow.forging = false;
    ir::World nothing = whole;
    nothing.flow = {};
    for (std::size_t i = 0; i < whole.claims.size(); ++i) {
      if (!std::holds_alternative<ir::Protected>(whole.claims[i].form) &&
          !std::holds_alternative<ir::NoFlow>(whole.claims[i].form)) {
        continue;
      }
      const ir::ClaimId claim{i};
      EXPECT_FALSE(violated(nothing, claim)) << seed;
      EXPECT_TRUE(violated(whole, claim) || !violated(files, claim)) << seed;
      lost += violated(whole, claim) && !violated(files, claim);
    }
  }
  EXPECT_GT(lost, 0u) << "no line of the map decides anything";
}

TEST(Authority, ATrustedGiverIsNeverCountedOn) {
  std::size_t open = 0;
  for (std::uint32_t seed = 500; seed < 520; ++seed) {
    ir::World world = with_acquire_claims(seed);
    const std::vector<bool> before = refuted(world);
    world.subjects[1].trusted = true;
    world.subjects[1].follows = "Protocol";
    Session session(world);
    for (std::size_t i = 0; i < world.claims.size(); ++i) {
      const verdict::Verdict verdict = decide(session, ir::ClaimId{i});
      const bool holds = std::holds_alternative<verdict::Holds>(verdict);
      EXPECT_EQ(holds, !before[i]) << "what holds holds whatever protocols say, seed " << seed;
      open += std::holds_alternative<verdict::Unknown>(verdict);
      const auto* shown = std::get_if<verdict::Violated>(&verdict);
      for (std::size_t k = 0; shown != nullptr && k < shown->trace.steps.size(); ++k) {
        const auto& handover = shown->trace.steps[k].handover;
        if (handover) {
          EXPECT_NE(world.at(handover->delegation).from, ir::SubjectId{1}) << seed;
        }
      }
    }
  }
  EXPECT_GT(open, 5u);
}

}  // namespace
}  // namespace bulkhead::engine
