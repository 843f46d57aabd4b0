// Decisions about machines: right on systems whose verdict explicit search knows, never without evidence.
#include "checker/safety/decide.h"

#include <gtest/gtest.h>

#include "checker/explore/explore.h"
#include "checker/finite/finite.h"
#include "checker/interchange/horn.h"
#include "checker/machine/unfold.h"
#include "tests/interchange/lying_child.h"
#include "tests/interchange/solving.h"
#include "tests/support/random_system.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

safety::Decision decided(machine::Machine machine, const safety::Options& options = patient()) {
  const std::string clauses = interchange::to_horn(machine);
  interchange::Horn horn = safety::as_horn(std::move(machine));
  return safety::decide(horn, clauses, options);
}

std::string reason(const safety::Decision& decision) {
  const auto* unknown = std::get_if<safety::Unknown>(&decision.answer);
  return unknown == nullptr ? "" : unknown->reason;
}

/// By a run, or by a derivation from the clauses.
bool is_unsafe(const safety::Decision& decision) {
  return std::holds_alternative<safety::Unsafe>(decision.answer) ||
         std::holds_alternative<safety::Unsatisfiable>(decision.answer);
}

/// The machine of a system's claim.
machine::Machine unfolded(const system::System& system, const system::Scope& scope, system::TermId formula, bool always,
                          machine::Elements elements) {
  auto made = machine::unfold(system, scope, formula, always, elements);
  EXPECT_TRUE(made.ok());
  return std::move(made.value().machine);
}

TEST(Decide, AgreesWithExplicitSearchOnBitsAndOnIntegers) {
  std::size_t violated = 0, safe = 0;
  explore::Options small;
  small.work = 1u << 20;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const RandomSystem made(seed, {seed % 3 == 2, false});
    const auto expected = explore::search(made.system, made.always, made.scope, small);
    if (std::holds_alternative<explore::Stopped>(expected)) continue;
    const bool found = std::holds_alternative<explore::Found>(expected);
    const finite::Claim claim = finite::claim_of(made.system, made.always);
    const auto elements = seed % 2 == 0 ? machine::Elements::Words : machine::Elements::Integers;
    const auto decision = decided(unfolded(made.system, made.scope, claim.formula, claim.always, elements));
    ASSERT_EQ(reason(decision), "") << seed;
    ASSERT_EQ(is_unsafe(decision), found) << seed << "\n" << describe(made.system);
    ++(found ? violated : safe);
  }
  EXPECT_GT(violated, 10u);
  EXPECT_GT(safe, 10u);
}

TEST(Decide, IntegersThatGrowForEverAreSafeByAnInvariant) {
  const Counter counter(Wrap::Never);
  const auto never = decided(unfolded(counter.system, {}, counter.is_zero, false, machine::Elements::Words));
  EXPECT_EQ(reason(never), "");
  EXPECT_TRUE(std::holds_alternative<safety::Safe>(never.answer));
  const auto soon = decided(unfolded(counter.system, {}, counter.is_ten, false, machine::Elements::Words));
  ASSERT_TRUE(is_unsafe(soon)) << reason(soon);
  if (const auto* unsafe = std::get_if<safety::Unsafe>(&soon.answer)) {
    EXPECT_EQ(unsafe->run.moments.size(), 4u);
  }
}

/// x and y grow together; that x is y follows from no fixed number of steps, and needs an invariant of Spacer.
constexpr const char* kTogether =
    "(set-logic HORN)\n(declare-fun Inv (Int Int) Bool)\n(assert (Inv 0 0))\n"
    "(assert (forall ((x Int) (y Int)) (=> (Inv x y) (Inv (+ x 1) (+ y 1)))))\n"
    "(assert (forall ((x Int) (y Int)) (=> (and (Inv x y) (> x 7) (< y 6)) false)))\n(check-sat)\n";

TEST(Decide, SpacerFindsWhatInductionDoesNotAndIsChecked) {
  auto horn = interchange::read_horn(kTogether);
  ASSERT_TRUE(horn.ok());
  const auto decision = safety::decide(horn.value(), kTogether, patient());
  ASSERT_TRUE(std::holds_alternative<safety::Safe>(decision.answer)) << reason(decision);
  EXPECT_EQ(std::get<safety::Safe>(decision.answer).checked_by, safety::Checker::SecondSolver);
}

TEST(Decide, ARelationThatSpacerHadNoNeedOfIsGivenAMeaning) {
  const std::string text =
      "(set-logic HORN)\n(declare-fun P (Int) Bool)\n(declare-fun Aside (Int) Bool)\n(declare-fun Empty (Int) Bool)\n"
      "(assert (P 1))\n(assert (forall ((x Int)) (=> (P x) (P (+ x x)))))\n"
      "(assert (forall ((x Int)) (=> (P x) (Aside (- x)))))\n(assert (forall ((x Int)) (=> (P x) (Aside x))))\n"
      "(assert (forall ((x Int)) (=> (and (Empty x) (> x 3)) (Empty (+ x 1)))))\n"
      "(assert (forall ((x Int)) (=> (and (P x) (< x 1)) false)))\n(check-sat)\n";
  auto horn = interchange::read_horn(text);
  ASSERT_TRUE(horn.ok());
  const auto decision = safety::decide(horn.value(), text, patient());
  EXPECT_TRUE(std::holds_alternative<safety::Safe>(decision.answer)) << reason(decision);
}

TEST(Decide, AChildThatLiesIsNotBelieved) {
  const std::string text =
      "(set-logic HORN)\n(declare-fun Inv (Int) Bool)\n(assert (Inv 0))\n"
      "(assert (forall ((x Int)) (=> (Inv x) (Inv (+ x 1)))))\n"
      "(assert (forall ((x Int)) (=> (and (Inv x) (> x 100000)) false)))\n(check-sat)\n";
  for (const char* lie : {"sat\n(define-fun Inv ((a Int)) Bool (< a 50))", "sat\n(define-fun Inv ((a Int)) Bool true)",
                          "sat\n(define-fun Inv ((a Int)) Bool (exists ((b Int)) true))", "sat", "unsat", "nonsense",
                          "unsat\n((Inv 100001))\n((false) (Inv 100001))"}) {
    const LyingChild child(lie);
    safety::Options options = patient();
    options.program = child.program();
    options.time = std::chrono::seconds(2);
    auto horn = interchange::read_horn(text);
    ASSERT_TRUE(horn.ok());
    const auto decision = safety::decide(horn.value(), text, options);
    EXPECT_NE(reason(decision), "") << lie;
  }
}

/// Which number is squared three times into this one: nobody who unrolls finds out.
TEST(Decide, AContradictionThatSpacerTellsOfIsDerivedAgain) {
  constexpr std::int64_t kModulus = 1'000'003;
  std::int64_t value = 271'828;
  std::string told = "unsat\n((Inv 0 271828))\n";
  for (int i = 1; i <= 3; ++i) {
    const std::string before = "(Inv " + std::to_string(i - 1) + " " + std::to_string(value) + ")";
    value = value * value % kModulus;
    told += "((Inv " + std::to_string(i) + " " + std::to_string(value) + ") " + before + ")\n";
  }
  const std::string text =
      "(set-logic HORN)\n(declare-fun Inv (Int Int) Bool)\n"
      "(assert (forall ((x Int)) (=> (and (< 1 x) (< x 1000003)) (Inv 0 x))))\n"
      "(assert (forall ((n Int) (x Int)) (=> (Inv n x) (Inv (+ n 1) (mod (* x x) 1000003)))))\n"
      "(assert (forall ((x Int)) (=> (and (Inv 3 x) (= x " +
      std::to_string(value) + ")) false)))\n(check-sat)\n";
  const LyingChild child(told);
  safety::Options options = patient();
  options.program = child.program();
  options.time = std::chrono::seconds(60);
  auto horn = interchange::read_horn(text);
  ASSERT_TRUE(horn.ok());
  const auto decision = safety::decide(horn.value(), text, options);
  ASSERT_TRUE(std::holds_alternative<safety::Unsatisfiable>(decision.answer)) << reason(decision);
  EXPECT_EQ(decision.engine, "spacer");
  EXPECT_EQ(std::get<safety::Unsatisfiable>(decision.answer).derivation.steps.size(), 5u);
}

TEST(Decide, AnAnswerThatIsRefusedDoesNotEndTheSearch) {
  const LyingChild child("sat (define-fun Inv ((a Int)) Bool true)");
  const std::string text =
      "(set-logic HORN)\n(declare-fun Inv (Int) Bool)\n(assert (Inv 0))\n"
      "(assert (forall ((x Int)) (=> (Inv x) (Inv (ite (= x 19) 0 (+ x 1))))))\n"
      "(assert (forall ((x Int)) (=> (and (Inv x) (= x 42)) false)))\n(check-sat)\n";
  safety::Options options = patient();
  options.program = child.program();
  auto horn = interchange::read_horn(text);
  ASSERT_TRUE(horn.ok());
  const auto decision = safety::decide(horn.value(), text, options);
  ASSERT_TRUE(std::holds_alternative<safety::Safe>(decision.answer)) << reason(decision);
  EXPECT_EQ(decision.engine, "k-induction");
}

TEST(Decide, AnInvariantThatIsNoneIsRefused) {
  const Memory memory(Flush::Done);
  machine::Machine machine =
      unfolded(memory.system, {{2, 1}}, memory.system.at(memory.exclusive).formula, true, machine::Elements::Words);
  const auto objection = [&](const safety::Invariant& invariant) {
    return safety::check(machine, invariant, {}).objection;
  };
  EXPECT_EQ(objection({machine.store.truth(true), 0}), "not so: the invariant excludes what is bad");
  EXPECT_EQ(objection({machine.store.truth(false), 0}), "not so: the invariant holds at first");
  EXPECT_EQ(objection({machine.initial, 0}), "not so: each step keeps the invariant");
  EXPECT_EQ(objection({machine.store.truth(true), 70'000}), "k is out of range");
  EXPECT_NE(objection({machine.store.truth(true), 1}), "");
  const Memory broken(Flush::Forgotten);
  machine::Machine other =
      unfolded(broken.system, {{2, 1}}, broken.system.at(broken.exclusive).formula, true, machine::Elements::Words);
  for (std::size_t k = 1; k < 6; ++k) EXPECT_NE(safety::check(other, {other.store.truth(true), k}, {}).objection, "");
}

TEST(Decide, TheTimeIsKept) {
  const std::string text =
      "(set-logic HORN)\n(declare-fun Inv (Int Int Int) Bool)\n(assert (forall ((n Int)) (=> (> n 1) (Inv n 2 0))))\n"
      "(assert (forall ((n Int) (x Int) (y Int)) (=> (Inv n x y) (Inv n (* x x) (+ y (* n x))))))\n"
      "(assert (forall ((n Int) (x Int) (y Int)) (=> (and (Inv n x y) (= (* y y y) (+ (* x x x) (* n n n)))) false)))\n"
      "(check-sat)\n";
  auto horn = interchange::read_horn(text);
  ASSERT_TRUE(horn.ok());
  safety::Options options = patient();
  options.time = std::chrono::milliseconds(300);
  const auto begin = std::chrono::steady_clock::now();
  safety::decide(horn.value(), text, options);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

}  // namespace
}  // namespace bulkhead::test
