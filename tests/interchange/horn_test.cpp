// Horn clauses: what the machine of a text can do, what is refused and where.
#include "checker/interchange/read_horn.h"

#include <gtest/gtest.h>

#include "checker/interchange/horn.h"
#include "tests/interchange/searched.h"

namespace bulkhead::test {
namespace {

using interchange::read_horn;

std::string clauses(const std::string& text) {
  return "(set-logic HORN)\n" + text + "(check-sat)\n";
}

std::optional<bool> violated(const std::string& text) {
  const auto horn = read_horn(clauses(text));
  EXPECT_TRUE(horn.ok()) << horn.error().place.line << ":" << horn.error().place.column << " " << horn.error().reason;
  if (!horn.ok()) return std::nullopt;
  return by_ic3(horn->machine);
}

constexpr const char* kCounter =
    "(declare-fun Inv ((_ BitVec 8)) Bool)\n"
    "(assert (forall ((x (_ BitVec 8))) (=> (= x #x00) (Inv x))))\n"
    "(assert (forall ((x (_ BitVec 8)) (y (_ BitVec 8))) (=> (and (Inv x) (= y (bvadd x #x02))) (Inv y))))\n";

TEST(ReadHorn, StepsFollowTheirEquations) {
  const std::string counter = kCounter;
  EXPECT_EQ(violated(counter + "(assert (forall ((x (_ BitVec 8))) (=> (and (Inv x) (= x #x21)) false)))\n"), false);
  EXPECT_EQ(violated(counter + "(assert (forall ((x (_ BitVec 8))) (=> (and (Inv x) (= x #x22)) false)))\n"), true);
  EXPECT_EQ(violated(counter + "(assert (not (exists ((x (_ BitVec 8))) (and (Inv x) (= x #x22)))))\n"), true);
  EXPECT_EQ(violated(counter + "(assert (forall ((x (_ BitVec 8))) (or (not (Inv x)) (distinct x #x20))))\n"), true);
  EXPECT_EQ(violated(counter + "(assert (forall ((x (_ BitVec 8))) (=> (Inv x) (= ((_ extract 0 0) x) #b0))))\n"),
            false);
}

TEST(ReadHorn, TheLatchOfASingleRelationNeedsNoLocation) {
  const auto horn = read_horn(
      clauses(std::string(kCounter) + "(assert (forall ((x (_ BitVec 8))) (=> (and (Inv x) (= x #x21)) false)))\n"));
  ASSERT_TRUE(horn.ok());
  EXPECT_EQ(horn->machine.state.size(), 1u);
  EXPECT_TRUE(horn->machine.inputs.empty());
  EXPECT_EQ(horn->machine.bad.at(0).name, "line 5");
}

TEST(ReadHorn, SeveralRelationsAreLocations) {
  const std::string text =
      "(declare-fun P (Bool (_ BitVec 4)) Bool)\n(declare-fun Q ((_ BitVec 4) (_ BitVec 4)) Bool)\n"
      "(assert (forall ((n (_ BitVec 4))) (=> (bvult n #x3) (P true n))))\n"
      "(assert (forall ((b Bool) (n (_ BitVec 4))) (=> (and (P b n) b) (Q n #x0))))\n"
      "(assert (forall ((n (_ BitVec 4)) (m (_ BitVec 4))) (=> (and (Q n m) (not (= n #x0))) (Q (bvsub n #x1) (bvadd m "
      "#x1)))))\n"
      "(assert (forall ((n (_ BitVec 4)) (m (_ BitVec 4))) (=> (Q n m) (P false (bvor n m)))))\n";
  EXPECT_EQ(violated(text + "(assert (forall ((n (_ BitVec 4))) (=> (Q #x0 #x2) false)))\n"), true);
  EXPECT_EQ(violated(text + "(assert (forall ((n (_ BitVec 4))) (=> (and (Q #x0 n) (bvugt n #x2)) false)))\n"), false);
  EXPECT_EQ(violated(text + "(assert (forall ((n (_ BitVec 4))) (=> (and (P false n) (= n #x1)) false)))\n"), true);
  EXPECT_EQ(violated(text + "(assert (forall ((n (_ BitVec 4))) (=> (P false #x4) false)))\n"), false);
}

TEST(ReadHorn, FactsMayContradictAtOnce) {
  EXPECT_EQ(violated("(assert (forall ((x Bool)) (=> x false)))\n"), true);
  EXPECT_EQ(violated("(assert (forall ((x Bool)) (=> (and x (not x)) false)))\n(assert true)\n"), false);
}

TEST(ReadHorn, LetsAndDefinitionsAreReplacedWhereTheyAreSeen) {
  const std::string text =
      "(declare-fun Inv ((_ BitVec 8)) Bool)\n(define-fun twice ((a (_ BitVec 8))) (_ BitVec 8) (bvadd a a))\n"
      "(define-fun |the one| () (_ BitVec 8) #x01)\n(assert (Inv |the one|))\n"
      "(assert (forall ((x (_ BitVec 8))) (let ((y (twice x)) (x x)) (let ((x (bvor y |the one|))) (=> (Inv y) (Inv "
      "x))))))\n"
      "(assert (forall ((a (_ BitVec 8))) (=> (Inv a) (Inv (twice (twice a))))))\n";
  EXPECT_EQ(violated(text + "(assert (not (Inv #x11)))\n"), true) << "1, 4, 16, 17";
  EXPECT_EQ(violated(text + "(assert (not (Inv #x03)))\n"), false);
  const auto captured =
      read_horn(clauses("(declare-fun Inv (Bool) Bool)\n(define-fun bad () Bool x)\n"
                        "(assert (forall ((x Bool)) (=> bad (Inv x))))\n"));
  ASSERT_FALSE(captured.ok());
  EXPECT_EQ(captured.error().reason, "`x` is not known");
}

TEST(ReadHorn, WhatIsWrittenIsReadAgain) {
  const auto horn = read_horn(
      clauses(std::string(kCounter) + "(assert (forall ((x (_ BitVec 8))) (=> (and (Inv x) (= x #x22)) false)))\n"));
  ASSERT_TRUE(horn.ok());
  const auto again = read_horn(interchange::to_horn(horn->machine));
  ASSERT_TRUE(again.ok()) << again.error().reason;
  EXPECT_EQ(by_ic3(again->machine), true);
}

TEST(ReadHorn, DivisionByANumberIsExact) {
  const std::string text =
      "(declare-fun Inv (Int) Bool)\n(assert (Inv (- 7)))\n"
      "(assert (forall ((x Int)) (=> (Inv x) (and true (= (+ (* 3 (div x 3)) (mod x 3)) x)))))\n";
  const auto horn = read_horn(clauses(text));
  ASSERT_TRUE(horn.ok()) << horn.error().reason;
  // x = -7, its quotient -3 and its rest 2 are the only values that fit, and no violation
  machine::Run run{{{{{static_cast<std::uint64_t>(-7), 0}}, {}}}};
  for (std::size_t i = 0; i < horn->machine.inputs.size(); ++i) run.moments[0].inputs.push_back({});
  EXPECT_EQ(machine::objection(horn->machine, run), "the last moment is not bad");
}

TEST(ReadHorn, AnInterpretationOfTheRelationsIsAFormulaOverTheLatches) {
  auto horn = read_horn(
      clauses(std::string(kCounter) + "(assert (forall ((x (_ BitVec 8))) (=> (and (Inv x) (= x #x21)) false)))\n"));
  ASSERT_TRUE(horn.ok());
  const auto even = interchange::read_interpretation(
      horn.value(), "sat\n(model\n (define-fun Inv ((a (_ BitVec 8))) Bool (= ((_ extract 0 0) a) #b0)))\n",
      interchange::Missing::Everywhere);
  ASSERT_TRUE(even.has_value());
  const term::TermId latch = horn->machine.state[0].now;
  EXPECT_EQ(term::evaluate(horn->machine.store, *even, {{latch, {4, 0}}}), (term::Word{1, 0}));
  EXPECT_EQ(term::evaluate(horn->machine.store, *even, {{latch, {5, 0}}}), (term::Word{0, 0}));
  for (const char* none : {"", "(define-fun Other () Bool true)", "(define-fun Inv ((a Int)) Bool true)",
                           "(define-fun Inv ((a (_ BitVec 8))) Bool (forall ((x Int)) true))", "((("}) {
    EXPECT_FALSE(interchange::read_interpretation(horn.value(), none, interchange::Missing::Nowhere).has_value())
        << none;
  }
}

TEST(ReadHorn, WhatIsNotReadIsRefusedWithItsPlace) {
  const std::string inv = "(declare-fun Inv (Int) Bool)\n";
  const std::tuple<std::string, std::uint32_t, std::uint32_t, std::string> cases[] = {
      {"(set-logic QF_LIA)", 1, 1, "the logic has to be HORN"},
      {"(declare-fun P ((Array Int Int)) Bool)\n(assert (forall ((a (Array Int Int))) (P a)))", 2, 1,
       "clauses over arrays are no machine"},
      {"(declare-fun P ((Array Int (Array Int Int))) Bool)", 1, 28, "arrays of arrays are not read"},
      {"(declare-fun P (Real) Bool)", 1, 17, "only Bool, Int, (_ BitVec n) and arrays (Array Int S) of them are read"},
      {"(declare-fun P () Int)", 1, 19, "only relations are declared: the result is Bool"},
      {inv + "(assert (forall ((x Int)) (=> (and (Inv x) (Inv (+ x 1))) false)))", 2, 1,
       "two relations in one body: only linear clauses are a machine"},
      {inv + "(assert (forall ((x Int)) (=> (Inv x) (forall ((y Int)) (Inv y)))))", 2, 39,
       "a quantifier inside of a clause is not read"},
      {inv + "(assert (forall ((x Int)) (=> (= (Inv x) (= x 0)) false)))", 2, 1,
       "a relation stands where no clause has one"},
      {inv + "(assert (Inv y))", 2, 14, "`y` is not known"},
      {inv + "(assert (Inv 99999999999999999999))", 2, 14, "only integers of 64 bits are read"},
      {inv + "(assert (Inv true))", 2, 9, "the relation has other arguments"},
      {inv + "(assert (Inv (select 1 2)))", 2, 15, "`select` of these arguments is not read"},
      {inv + "(assert (Inv (div 1 0)))", 2, 15, "`div` of these arguments is not read"},
      {inv + inv, 2, 14, "`Inv` is declared twice"},
      {"(assert", 1, 1, "this `(` is never closed"},
      {"(assert true))", 1, 14, "there is no `(` for this `)`"},
      {"(frobnicate)", 1, 1, "this command is not read"},
      {"", 1, 1, "the text has no clause"},
      {"(define-fun f () Bool f)\n(assert f)", 1, 23, "definitions are nested too deeply"},
  };
  for (const auto& [text, line, column, reason] : cases) {
    const auto horn = read_horn(text);
    ASSERT_FALSE(horn.ok()) << text;
    EXPECT_EQ(horn.error().reason, reason) << text;
    EXPECT_EQ(horn.error().place.line, line) << text;
    EXPECT_EQ(horn.error().place.column, column) << text;
  }
}

TEST(ReadHorn, TextsThatAreNestedOrMultiplyEnd) {
  std::string deep = "(assert ";
  for (int i = 0; i < 200'000; ++i) deep += "(not ";
  deep += "true" + std::string(200'001, ')');
  EXPECT_TRUE(read_horn(deep).ok());
  std::string doubling = "(define-fun f0 ((x Int)) Int x)\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "f" + std::to_string(i - 1);
    doubling += "(define-fun f" + std::to_string(i) + " ((x Int)) Int (" + before + " (" + before + " x)))\n";
  }
  const auto horn = read_horn(doubling + "(assert (= 1 (f59 1)))");
  ASSERT_FALSE(horn.ok());
  EXPECT_EQ(horn.error().reason, "the term is too large");
}

}  // namespace
}  // namespace bulkhead::test
