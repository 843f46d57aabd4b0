// Horn clauses in the commands of Z3's fixedpoint engine: decided as the assertions that they are.
#include "checker/safety/fixedpoint.h"

#include <gtest/gtest.h>

#include "tests/interchange/solving.h"

namespace bulkhead::test {
namespace {

/// Counts down from n, and up as far.
std::string both_ways(const std::string& bad) {
  return "(set-info :original \"/a (path)\")\n(declare-rel main@_bb (Int Int Int))\n(declare-rel |the error| ())\n"
         "(declare-var x Int)\n(declare-var y Int)\n(declare-var |n of main| Int)\n(declare-var more Bool)\n"
         "(rule (=> (= x |n of main|) (main@_bb 0 |n of main| x)) first)\n"
         "(rule (let ((a!1 (and (main@_bb y |n of main| x)\n  (= more (not (= x 0))) more)))\n"
         "  (=> a!1 (main@_bb (+ y 1) |n of main| (- x 1)))))\n"
         "(rule (=> (and (main@_bb y |n of main| x) " +
         bad + ") |the error|))\n(query |the error| :print-certificate true)\n";
}

std::string rewritten(const std::string& text) {
  const auto made = safety::as_assertions(text);
  if (made.ok()) return *made;
  return std::to_string(made.error().place.line) + ":" + std::to_string(made.error().place.column) + ": " +
         made.error().reason;
}

TEST(Fixedpoint, RulesAreDecidedInBothDirections) {
  std::string why;
  EXPECT_EQ(satisfiable(both_ways("(= x 0) (not (= y |n of main|))"), why), std::optional(true)) << why;
  EXPECT_EQ(satisfiable(both_ways("(= x 0) (= y 3)"), why), std::optional(false)) << why;
}

TEST(Fixedpoint, AQueryIsAboutAllValuesOfItsVariables) {
  const std::string rules = "(declare-rel P (Int))\n(declare-var a Int)\n(rule (P 7))\n";
  std::string why;
  EXPECT_EQ(satisfiable(rules + "(query (P a))\n", why), std::optional(false)) << why;
  EXPECT_EQ(satisfiable(rules + "(query (P 8))\n", why), std::optional(true)) << why;
  EXPECT_EQ(satisfiable(rules + "(query (and (P a) (> a 7)))\n", why), std::optional(true)) << why;
}

TEST(Fixedpoint, EachCommandStaysInItsLine) {
  EXPECT_EQ(
      rewritten("(declare-rel P (Int))\n\n(declare-var |a b| Int) (rule (P 1))\n; a remark\n(rule (=> (P |a b|)\n"
                "  (P (+ |a b| 2))))\n(query (P 4))"),
      "(set-logic HORN) (declare-fun P (Int) Bool)\n\n(assert (P 1))\n\n(assert (forall ((|a b| Int)) (=> (P |a b|) "
      "(P (+ |a b| 2)))))\n\n(assert (=> (P 4) false))");
  const auto problem = safety::read_problem(
      safety::Format::Horn, "(declare-rel P (Int))\n(rule (P 1))\n(rule (P (* 1 1.5)))\n(query (P 2))\n");
  ASSERT_FALSE(problem.ok());
  EXPECT_EQ(problem.error().substr(0, 2), "3:");
}

TEST(Fixedpoint, OtherTextsStayAsTheyAre) {
  const std::string text = "(set-logic HORN)\n(declare-fun rule (Int) Bool)\n(assert (rule 1))\n";
  EXPECT_EQ(rewritten(text), text);
  EXPECT_EQ(rewritten("(declare-rel P (Int)) (set-logic HORN) (rule (P 1))"),
            "(declare-fun P (Int) Bool)(set-logic HORN)(assert (P 1))");
}

TEST(Fixedpoint, WhatIsNoCommandHasAPlace) {
  EXPECT_EQ(rewritten("(rule)"), "(set-logic HORN) (rule)") << "the reader refuses it";
  EXPECT_EQ(rewritten("(declare-rel P)"), "(set-logic HORN) (declare-rel P)") << "the reader refuses it";
  EXPECT_EQ(rewritten("(declare-rel P ())\n(declare-var (x) Int)"), "2:1: this is no command of Horn clauses");
  EXPECT_EQ(rewritten("(declare-rel P ())\nrule"), "2:1: this is no command of Horn clauses");
  EXPECT_EQ(rewritten("(declare-rel P ()"), "1:1: this `(` is never closed");
}

}  // namespace
}  // namespace bulkhead::test
