// Conditions shown by instances: what is accepted is valid (no small structure refutes it, the second solver agrees),
// hints that say too little or speak of nothing are refused.
#include "checker/certificate/condition_smtlib.h"
#include "checker/certificate/second_solver.h"
#include "checker/instances/clauses.h"
#include "checker/instances/hints.h"
#include "checker/instances/linear.h"
#include "checker/instances/refutation.h"
#include "checker/instances/search.h"
#include "tests/checker_models/models.h"
#include "tests/support/random_system.h"

namespace bulkhead::test {
namespace {

using conditions::Condition;
using conditions::Conjunct;
using conditions::Terms;

/// The conditions of all invariants and lemmas together.
std::vector<Condition> conditions_of(Terms& terms) {
  std::vector<Conjunct> conjuncts;
  for (const system::Property& property : terms.system().properties) {
    if (property.kind != system::PropertyKind::Assumption) conjuncts.push_back({property.name, property.formula});
  }
  std::vector<Condition> made;
  const std::size_t actions = terms.system().actions.size();
  for (const Conjunct& conjunct : conjuncts) {
    made.push_back(conditions::base(terms, conjunct));
    for (std::size_t i = 0; i < actions; ++i) {
      made.push_back(conditions::step(terms, conjuncts, system::ActionId{i}, conjunct));
    }
  }
  std::erase_if(made, [](const Condition& one) { return one.trivial; });
  return made;
}

constexpr const char* kLocks = R"bh(
model Locks {
    sort Client;  sort Lock;
    enum Mode { Idle, Asking, Holding }
    var mode: Client -> Mode = Idle;
    var wants: Client -> Lock;
    var taken: Lock -> bool = false;
    action ask(c: Client, l: Lock) when mode(c) == Idle do mode(c) := Asking, wants(c) := l;
    action take(c: Client) when mode(c) == Asking && !taken(wants(c)) do mode(c) := Holding, taken(wants(c)) := true;
    action drop(c: Client) when mode(c) == Holding do mode(c) := Idle, taken(wants(c)) := false;
    invariant exclusive: forall c, d: Client. mode(c) == Holding && mode(d) == Holding && wants(c) == wants(d) -> c == d;
    lemma marked: forall c: Client. mode(c) == Holding -> taken(wants(c));
    variant Blind { replace guard in take with mode(c) == Asking; }
}
)bh";

TEST(Instances, ShowEveryConditionOfALockAndNoHintIsTooMany) {
  const Claims claims(std::string(kLocks) + "prove Locks.exclusive;");
  Terms terms(claims.system());
  std::size_t shown = 0, lost = 0;
  for (const Condition& condition : conditions_of(terms)) {
    const auto hints = instances::find_hints(terms, condition);
    ASSERT_TRUE(hints.has_value()) << condition.label;
    EXPECT_EQ(instances::objection(terms, condition, *hints), std::nullopt) << condition.label;
    ++shown;
    auto fewer = *instances::read(*hints);
    if (fewer.empty()) continue;
    fewer.pop_back();
    lost += instances::objection(terms, condition, instances::write(fewer)) ? 1 : 0;
  }
  EXPECT_GE(shown, 6u);
  EXPECT_GE(lost, shown / 2);
}

TEST(Instances, AMistakeIsNotShown) {
  const Claims claims(std::string(kLocks) + "refute Locks.Blind.exclusive;");
  const auto& systems = claims.world().systems;
  const auto blind =
      std::find_if(systems.begin(), systems.end(), [](const auto& one) { return one.variant == "Blind"; });
  ASSERT_NE(blind, systems.end());
  Terms terms(*blind);
  std::size_t open = 0;
  for (const Condition& condition : conditions_of(terms)) {
    if (instances::find_hints(terms, condition)) continue;
    ++open;
    EXPECT_EQ(condition.label, "`take` keeps `exclusive`");
  }
  EXPECT_EQ(open, 1u);
}

TEST(Instances, HintsAboutNothingAreRefused) {
  const Claims claims(std::string(kLocks) + "prove Locks.exclusive;");
  Terms terms(claims.system());
  const Condition condition = conditions_of(terms).at(1);
  for (const char* hints : {"", "w", "w 0", "x 0;", "w 99;", "i 0 99;", "i 0;", "i 0 0 0;", "w 0 1;", "w 0;;", "w -1;",
                            "i 0 2 99999999999999999999999;", "-;"}) {
    EXPECT_NE(instances::objection(terms, condition, hints), std::nullopt) << hints;
  }
  const auto good = instances::find_hints(terms, condition);
  ASSERT_TRUE(good.has_value());
  EXPECT_EQ(instances::write(*instances::read(*good)), *good);
  EXPECT_NE(instances::objection(terms, condition, *good + "i 0 99;"), std::nullopt);
}

/// A universal formula must not get constants of its own from being asserted, nor an existential one a value.
TEST(Instances, OpeningsGoOneWay) {
  const Claims claims(R"bh(
model Two {
    sort A;
    var p: A -> bool;
    var q: A -> bool;
    initially exists a: A. p(a);
    action set(a: A) when (exists b: A. p(b)) && !p(a) do q(a) := true;
    invariant all: forall a: A. p(a);
    invariant some: exists a: A. p(a);
    invariant one: forall a: A. q(a) -> p(a);
}
prove Two.some;)bh");
  Terms terms(claims.system());
  const auto& properties = terms.system().properties;
  const auto asked = [&](system::TermId given, system::TermId goal) {
    const Condition condition = conditions::condition(terms, conditions::Part::Implication, "asked", {given}, goal);
    return instances::find_hints(terms, condition).has_value();
  };
  EXPECT_TRUE(asked(properties[0].formula, properties[1].formula)) << "all -> some";
  EXPECT_FALSE(asked(properties[1].formula, properties[0].formula)) << "some -> all";
  EXPECT_FALSE(asked(properties[2].formula, properties[0].formula));
  // Whatever is opened: two openings of what is there.
  const Condition wrong = conditions::condition(terms, conditions::Part::Implication, "wrong", {properties[1].formula},
                                                properties[0].formula);
  for (const char* hints : {"w 0;w 1;", "w 0;i 0 2;", "w 1;i 1 2;", "w 0;w 1;i 0 2;i 0 3;i 1 2;i 1 3;"}) {
    const auto why = instances::objection(terms, wrong, hints);
    ASSERT_TRUE(why.has_value()) << hints;
    EXPECT_EQ(*why, "the instances do not contradict one another") << hints;
  }
}

TEST(Instances, ComparisonsOfSumsAreKnown) {
  const Claims claims(R"bh(
model Room {
    sort Guest;
    var inside: Guest -> bool = false;
    var count: int = 0;
    var limit: int;
    initially limit >= 1;
    action enter(g: Guest) when !inside(g) && count + 1 <= limit do inside(g) := true, count := count + 1;
    action leave(g: Guest) when inside(g) && count > 0 do inside(g) := false, count := count - 1;
    action squeeze(g: Guest) when !inside(g) && count <= limit do inside(g) := true, count := count + 1;
    invariant fits: count <= limit;
    lemma counted: count >= 0;
}
prove Room.counted;)bh");
  Terms terms(claims.system());
  std::vector<std::string> open;
  for (const Condition& condition : conditions_of(terms)) {
    if (!instances::find_hints(terms, condition)) open.push_back(condition.label);
  }
  EXPECT_EQ(open, std::vector<std::string>{"`squeeze` keeps `fits`"});
}

TEST(Instances, OnlyBoundsThatContradictEachOtherExcludeEachOther) {
  const system::TermId x{0}, y{1};
  const auto clauses = [](const std::vector<std::pair<sat::Literal, instances::Sum>>& facts) {
    instances::Bounds bounds;
    for (const auto& [literal, sum] : facts) bounds.add(literal, sum);
    return bounds.contradictions();
  };
  using Clauses = std::vector<sat::Clause>;
  // 2: x <= 3. 3: x >= 4, then x >= 3. 4: 1 <= 0, then 0 <= 0.
  EXPECT_EQ(clauses({{2, {{{x, 1}}, -3}}, {3, {{{x, -1}}, 4}}}), (Clauses{{-3, -2}}));
  EXPECT_EQ(clauses({{2, {{{x, 1}}, -3}}, {3, {{{x, -1}}, 3}}}), Clauses{});
  EXPECT_EQ(clauses({{4, {{}, 1}}}), (Clauses{{-4}}));
  EXPECT_EQ(clauses({{4, {{}, 0}}}), Clauses{});
  // x < y, y < x; x <= y, y <= x; x < y, y <= 2, x >= 2.
  EXPECT_EQ(clauses({{2, {{{x, 1}, {y, -1}}, 1}}, {3, {{{x, -1}, {y, 1}}, 1}}}), (Clauses{{-3, -2}}));
  EXPECT_EQ(clauses({{2, {{{x, 1}, {y, -1}}, 0}}, {3, {{{x, -1}, {y, 1}}, 0}}}), Clauses{});
  EXPECT_EQ(clauses({{2, {{{x, 1}, {y, -1}}, 1}}, {3, {{{y, 1}}, -2}}, {4, {{{x, -1}}, 2}}}), (Clauses{{-4, -3, -2}}));
  // 2x <= 1 and 2x >= 1 have a solution in no integer, but in a number: nothing is said.
  EXPECT_EQ(clauses({{2, {{{x, 2}}, -1}}, {3, {{{x, -2}}, 1}}}), Clauses{});
  // Numbers near the end of 64 bits are left out, and do not wrap.
  constexpr std::int64_t kHuge = std::int64_t{1} << 58;
  EXPECT_EQ(clauses({{2, {{{x, kHuge}}, kHuge}}, {3, {{{x, kHuge}}, kHuge}}, {4, {{{x, -kHuge}}, -kHuge}}}), Clauses{});
}

TEST(Instances, WhatIsShownTheSecondSolverAccepts) {
  std::vector<std::string> scripts;
  std::vector<std::string_view> views;
  std::size_t open = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const RandomSystem made(seed, {seed % 4 == 3, seed % 2 == 1});
    Terms terms(made.system);
    const Conjunct claim = conditions::claimed(terms, made.never);
    std::vector<Condition> asked{conditions::base(terms, claim), conditions::implication(terms, {}, claim)};
    for (std::size_t i = 0; i < made.system.actions.size(); ++i) {
      asked.push_back(conditions::step(terms, std::vector<Conjunct>{claim}, system::ActionId{i}, claim));
    }
    for (const Condition& condition : asked) {
      if (instances::find_hints(terms, condition))
        scripts.push_back(certificate::to_smtlib(terms, condition));
      else
        ++open;
    }
  }
  EXPECT_GT(scripts.size(), 20u);
  EXPECT_GT(open, 20u);
  for (const std::string& script : scripts) views.push_back(script);
  certificate::SolverOptions options;
  if (!certificate::solver_version(options)) GTEST_SKIP() << "needs cvc5: the second solver";
  const auto answers = certificate::ask(views, options);
  ASSERT_TRUE(answers.ok()) << answers.error().message();
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    EXPECT_NE(answers->at(i), certificate::Answer::Sat) << scripts[i];
  }
}

}  // namespace
}  // namespace bulkhead::test
