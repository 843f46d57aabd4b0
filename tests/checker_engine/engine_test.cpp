#include "checker/engine/engine.h"

#include <gtest/gtest.h>

#include "checker/certificate/check.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/replay.h"
#include "random_world.h"

namespace bulkhead::engine {
namespace {

struct Solved {
  std::vector<obligation::Obligation> obligations;
  std::vector<verdict::Verdict> verdicts;
};

Solved solve_world(const ir::World& world, unsigned jobs, const Budget& budget = {}) {
  Solved solved;
  for (std::size_t i = 0; i < world.claims.size(); ++i)
    for (const obligation::Instance& instance : obligation::instances(world, ir::ClaimId{i})) {
      auto made = obligation::obligation(world, ir::ClaimId{i}, instance);
      EXPECT_TRUE(made.ok()) << made.error().reason;
      if (made.ok()) solved.obligations.push_back(std::move(made).value());
    }
  Session session(world, budget);
  solved.verdicts = solve_all(solved.obligations, session, jobs);
  return solved;
}

std::string describe(const ir::World& world, const obligation::Obligation& obligation, std::uint32_t seed) {
  return "seed " + std::to_string(seed) + ", " + world.at(obligation.claim).name + " (form " +
         std::to_string(world.at(obligation.claim).form.index()) + ")";
}

bool second_solver_runs() {
  return certificate::solver_version({}).ok();
}

TEST(Engine, EveryVerdictIsAcceptedByTheCertificateChecker) {
  if (!second_solver_runs()) GTEST_SKIP() << "needs cvc5: it is not installed";
  std::size_t words[4] = {};
  for (std::uint32_t seed = 0; seed < 25; ++seed) {
    const ir::World world = samples::random_world(seed);
    const Solved solved = solve_world(world, 1);
    std::vector<certificate::Item> items;
    for (std::size_t i = 0; i < solved.verdicts.size(); ++i)
      items.push_back({solved.obligations[i].claim, solved.obligations[i].instance, &solved.verdicts[i]});
    const auto checked = certificate::check(world, items, {});
    for (std::size_t i = 0; i < checked.size(); ++i) {
      ++words[solved.verdicts[i].index()];
      EXPECT_EQ(checked[i].outcome, certificate::Outcome::Accepted)
          << describe(world, solved.obligations[i], seed) << " is " << verdict::word(solved.verdicts[i]) << ": "
          << checked[i].reason;
    }
  }
  EXPECT_GT(words[0], 100u);
  EXPECT_GT(words[1], 100u);
  EXPECT_GT(words[2], 5u);
  EXPECT_EQ(words[3], 0u);
}

/// Whether some request of the small scope is allowed on an object of the claim.
bool some_allowed(const ir::World& world, ir::SubjectId subject, ir::Right right, const ir::ClaimObjects& objects) {
  for (const ir::Object& object : samples::small_objects(world, objects.plane)) {
    if (!ir::patterns_match(objects.patterns, object)) continue;
    for (const auto& context : samples::small_contexts(world))
      if (ir::decide(world, {subject, right, object, context}).allowed) return true;
  }
  return false;
}

/// Whether some object of the claim in the small scope is denied in every context of it.
bool some_denied_everywhere(const ir::World& world, ir::SubjectId subject, ir::Right right,
                            const ir::ClaimObjects& objects) {
  for (const ir::Object& object : samples::small_objects(world, objects.plane)) {
    if (!ir::patterns_match(objects.patterns, object)) continue;
    bool allowed = false;
    for (const auto& context : samples::small_contexts(world))
      allowed = allowed || ir::decide(world, {subject, right, object, context}).allowed;
    if (!allowed) return true;
  }
  return false;
}

bool some_difference(const ir::World& world, ir::SubjectId left, ir::SubjectId right_side) {
  for (const ir::Right right : ir::kAllRights)
    for (const ir::Object& object : samples::small_objects(world, ir::plane_of(right)))
      for (const auto& context : samples::small_contexts(world))
        if (ir::decide(world, {left, right, object, context}).allowed &&
            !ir::decide(world, {right_side, right, object, context}).allowed)
          return true;
  return false;
}

/// What the small scope alone says: a counterexample to `prove`, or a witness of `can`. None: it says nothing.
std::optional<bool> small_scope_shows(const ir::World& world, const ir::ClaimForm& form) {
  const auto each = [&](ir::Rights rights, const auto& shows) {
    for (const ir::Right right : ir::kAllRights)
      if (rights.has(right) && shows(right)) return true;
    return false;
  };
  if (const auto* cannot = std::get_if<ir::Cannot>(&form))
    return each(cannot->rights,
                [&](ir::Right r) { return some_allowed(world, cannot->subject.fixed, r, cannot->objects); });
  if (const auto* claim = std::get_if<ir::NotGranted>(&form))
    return each(claim->rights,
                [&](ir::Right r) { return some_allowed(world, claim->subject.fixed, r, claim->objects); });
  if (const auto* can = std::get_if<ir::Can>(&form); can != nullptr && can->every)
    return each(can->rights,
                [&](ir::Right r) { return some_denied_everywhere(world, can->subject.fixed, r, can->objects); });
  if (const auto* refines = std::get_if<ir::Refines>(&form))
    return some_difference(world, refines->left.fixed, refines->right.fixed);
  if (const auto* same = std::get_if<ir::Equivalent>(&form))
    return some_difference(world, same->left.fixed, same->right.fixed) ||
           some_difference(world, same->right.fixed, same->left.fixed);
  return std::nullopt;
}

/// One container that may read `permitted` and never `forbidden`, and the claim that it can read nothing.
ir::World permit_and_forbid(const std::vector<std::string>& permitted, const std::vector<std::string>& forbidden) {
  ir::World world;
  world.sentences.push_back({{}, "container A", false, false});
  world.volumes = {{"own", ir::VolumeKind::OwnRoot, "", 0, {}}, {"host", ir::VolumeKind::Host, "", 0, {}}};
  ir::Subject subject;
  subject.name = "A";
  subject.sentence = ir::SentenceId{0};
  world.subjects.push_back(std::move(subject));
  for (const auto& [effect, globs] :
       {std::pair{ir::Effect::Permit, permitted}, std::pair{ir::Effect::Forbid, forbidden}}) {
    ir::Rule rule;
    rule.effect = effect;
    rule.subject = ir::SubjectId{0};
    rule.rights = ir::Right::Read;
    for (const std::string& glob : globs) rule.objects.files.push_back({ir::kOwnRoot, glob, ""});
    rule.sentence = ir::SentenceId{0};
    world.rules.push_back(std::move(rule));
  }
  ir::ClaimObjects all{ir::Plane::File, {}, "All"};
  all.patterns.files.push_back({ir::kOwnRoot, "/**", ""});
  ir::Claim claim;
  claim.name = "nothing";
  claim.form = ir::Cannot{{ir::SubjectId{0}}, ir::Right::Read, all};
  claim.sentence = ir::SentenceId{0};
  world.claims.push_back(std::move(claim));
  return world;
}

TEST(Engine, HoldsOnHardPatternsAndIsCertified) {
  if (!second_solver_runs()) GTEST_SKIP() << "needs cvc5: it is not installed";
  const std::string tail(20, '?');
  std::vector<std::string> names, below;
  for (int i = 0; i < 300; ++i) {
    names.push_back("/**/name" + std::to_string(i) + "/**");
    below.push_back("/srv/**/name" + std::to_string(i) + "/data*");
  }
  const std::pair<std::vector<std::string>, std::vector<std::string>> cases[] = {
      {{"/d/**/*a" + tail}, {"/**/*a" + tail}},
      {{"/d/**/*a" + tail, "/e/**/*a" + tail}, {"/**/*b" + tail, "/**/*a" + tail}},
      {{"/**/[a-z\xC3\xA9]?\xE2\x82\xAC/**"}, {"/**/*\xE2\x82\xAC/**"}},
      {below, names},
      {{"/**"}, {"/", "/*", "/*/**"}}};
  for (const auto& [permitted, forbidden] : cases) {
    const ir::World world = permit_and_forbid(permitted, forbidden);
    const Solved solved = solve_world(world, 1);
    ASSERT_TRUE(std::holds_alternative<verdict::Holds>(solved.verdicts[0])) << permitted[0];
    const auto checked =
        certificate::check(world, {{ir::ClaimId{0}, solved.obligations[0].instance, &solved.verdicts[0]}}, {});
    EXPECT_EQ(checked[0].outcome, certificate::Outcome::Accepted) << permitted[0] << ": " << checked[0].reason;
  }
}

TEST(Engine, NeverDiffersFromTheReferenceSemanticsOnSmallWorlds) {
  int refuted = 0, witnessed = 0;
  for (std::uint32_t seed = 100; seed < 125; ++seed) {
    const ir::World world = samples::random_world(seed);
    const Solved solved = solve_world(world, 1);
    for (std::size_t i = 0; i < solved.verdicts.size(); ++i) {
      const ir::ClaimForm& form = world.at(solved.obligations[i].claim).form;
      const bool vacuous = std::holds_alternative<verdict::Vacuous>(solved.verdicts[i]);
      if (const auto shown = small_scope_shows(world, form); shown && *shown) {
        ++refuted;
        EXPECT_TRUE(std::holds_alternative<verdict::Violated>(solved.verdicts[i]))
            << describe(world, solved.obligations[i], seed);
      }
      const auto* can = std::get_if<ir::Can>(&form);
      if (can == nullptr || can->every || vacuous) continue;
      bool all = true;
      for (const ir::Right right : ir::kAllRights)
        all = all && (!can->rights.has(right) || some_allowed(world, can->subject.fixed, right, can->objects));
      if (!all) continue;
      ++witnessed;
      EXPECT_TRUE(std::holds_alternative<verdict::Holds>(solved.verdicts[i]))
          << describe(world, solved.obligations[i], seed);
    }
  }
  EXPECT_GT(refuted, 50);
  EXPECT_GT(witnessed, 10);
}

TEST(Engine, GivesTheSameVerdictsWithAnyNumberOfThreads) {
  const ir::World world = samples::random_world(7);
  const Solved one = solve_world(world, 1), four = solve_world(world, 4);
  ASSERT_EQ(one.verdicts.size(), four.verdicts.size());
  for (std::size_t i = 0; i < one.verdicts.size(); ++i) {
    ASSERT_EQ(one.verdicts[i].index(), four.verdicts[i].index());
    const auto* left = std::get_if<verdict::Violated>(&one.verdicts[i]);
    const auto* right = std::get_if<verdict::Violated>(&four.verdicts[i]);
    if (left == nullptr) continue;
    ASSERT_EQ(left->trace.steps.size(), right->trace.steps.size());
    for (std::size_t step = 0; step < left->trace.steps.size(); ++step) {
      ASSERT_EQ(left->trace.steps[step].requests.size(), right->trace.steps[step].requests.size());
      for (std::size_t r = 0; r < left->trace.steps[step].requests.size(); ++r) {
        EXPECT_EQ(left->trace.steps[step].requests[r].object, right->trace.steps[step].requests[r].object);
        EXPECT_EQ(left->trace.steps[step].requests[r].context, right->trace.steps[step].requests[r].context);
      }
    }
  }
}

TEST(Engine, DecidesAQueryThatManyClaimsShareOnce) {
  const ir::World world = samples::random_world(3);
  Session session(world);
  const auto made = obligation::obligation(world, ir::ClaimId{0}, obligation::instances(world, ir::ClaimId{0}).front());
  ASSERT_TRUE(made.ok());
  solve(*made, session);
  const auto first = session.queries().counts();
  solve(*made, session);
  const auto second = session.queries().counts();
  EXPECT_GT(second.asked, first.asked);
  EXPECT_EQ(second.decided, first.decided);
}

TEST(Engine, IsUnknownAndNotWrongWithoutABudget) {
  Budget budget;
  budget.paths.work = 1;
  budget.net_cells = 0;
  budget.solver.resource = 1;
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    const ir::World world = samples::random_world(seed);
    const Solved poor = solve_world(world, 1, budget), rich = solve_world(world, 1);
    for (std::size_t i = 0; i < poor.verdicts.size(); ++i) {
      if (std::holds_alternative<verdict::Unknown>(poor.verdicts[i])) continue;
      EXPECT_EQ(poor.verdicts[i].index(), rich.verdicts[i].index()) << describe(world, poor.obligations[i], seed);
    }
  }
}

TEST(Engine, HasAnEngineForEveryGoal) {
  const obligation::Goal goals[] = {obligation::AllEmpty{}, obligation::SomeWitness{}, obligation::Unreachable{},
                                    obligation::Linear{}};
  for (const obligation::Goal& goal : goals) {
    int found = 0;
    for (const auto& engine : make_engines()) found += engine->decides(goal) ? 1 : 0;
    EXPECT_EQ(found, 1);
  }
}

}  // namespace
}  // namespace bulkhead::engine
