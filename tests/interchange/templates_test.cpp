// Interpretations from templates: the affine hull is exact, each part of a template decides what nothing else does, and
// what is divided is checked like everything else.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "checker/safety/affine_hull.h"
#include "checker/safety/decide_clauses.h"
#include "tests/interchange/solving.h"

namespace bulkhead::test {
namespace {

using interchange::IntegerDivision;
using safety::AffineHull;
using Point = std::vector<std::int64_t>;

bool holds(const AffineHull::Equation& equation, const Point& point) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < point.size(); ++i) sum += equation.factors[i] * point[i];
  return sum == equation.value;
}
bool holds(const std::vector<AffineHull::Equation>& all, const Point& point) {
  return std::all_of(all.begin(), all.end(), [&](const auto& one) { return holds(one, point); });
}

TEST(AffineHull, IsTheSmallestSpaceWithThePoints) {
  std::mt19937_64 random(7);
  const auto number = [&] { return static_cast<std::int64_t>(random() % 9) - 4; };
  std::size_t grew = 0, stayed = 0;
  for (int round = 0; round < 300; ++round) {
    const std::size_t dimension = 1 + random() % 5;
    AffineHull hull(dimension);
    std::vector<Point> points;
    for (std::size_t count = 1 + random() % 4; count > 0; --count) {
      Point point;
      for (std::size_t i = 0; i < dimension; ++i) point.push_back(number());
      const bool outside = points.empty() || !holds(hull.equations(), point);
      EXPECT_EQ(hull.join(point), outside) << "it grows where the equations say that the point is new, and there alone";
      (outside ? grew : stayed) += 1;
      points.push_back(point);
    }
    for (const Point& point : points) EXPECT_TRUE(holds(hull.equations(), point));
    Point combined(dimension);
    for (std::size_t i = 0; i < dimension; ++i) combined[i] = 3 * points.front()[i] - 2 * points.back()[i];
    EXPECT_FALSE(hull.join(combined)) << "what lies on a line through two points lies in the space";
  }
  EXPECT_GT(grew, 300u);
  EXPECT_GT(stayed, 30u);
}

TEST(AffineHull, EquationsBeyondSixtyFourBitsAreLeftOut) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  AffineHull hull(3);
  hull.join({0, 4, 5});
  hull.join({kMost, kMost - 5, 5});
  const auto equations = hull.equations();
  ASSERT_EQ(equations.size(), 1u);
  EXPECT_EQ(equations[0].factors, (Point{0, 0, 1}));
  EXPECT_EQ(equations[0].value, 5);
}

// ---- what only templates decide: nobody asks Spacer, and k-induction does not suffice

/// A relation P over integers, with what holds at first, a step from x, y, z to u, v, w, and what is bad.
std::string loop(const std::string& first, const std::string& step, const std::string& bad) {
  return "(set-logic HORN)\n(declare-fun P (Int Int Int) Bool)\n(assert (forall ((x Int) (y Int) (z Int)) (=> (and " +
         first +
         ") (P x y z))))\n(assert (forall ((x Int) (y Int) (z Int) (u Int) (v Int) (w Int)) (=> (and (P x y z) " +
         step + ") (P u v w))))\n(assert (forall ((x Int) (y Int) (z Int)) (=> (and (P x y z) " + bad +
         ") false)))\n(check-sat)\n";
}

struct OnlyTemplates {
  const char* what;
  std::string good, bad;
};

class Templates : public testing::TestWithParam<OnlyTemplates> {};

TEST_P(Templates, DecideWhatNobodyElseDoes) {
  safety::Options alone = patient();
  alone.program = "";
  std::string why;
  Solved solved;
  ASSERT_EQ(satisfiable(GetParam().good, why, alone, &solved), std::optional(true)) << why;
  EXPECT_EQ(solved.engine, safety::kTemplates);
  EXPECT_NE(rejected(safety::Format::Horn, GetParam().bad, solved.evidence), "") << "of its clauses alone";
  EXPECT_EQ(satisfiable(GetParam().bad, why, alone), std::optional(false)) << why;
}

const std::string kGrow = "(= x 0) (= y 0) (= z 0)";
const std::string kTogether = "(= u (+ x 1)) (= v (+ y 2)) (= w (- z x))";

INSTANTIATE_TEST_SUITE_P(
    Safety, Templates,
    testing::Values(OnlyTemplates{"equations", loop(kGrow, kTogether, "(= x 9999999) (= y 5)"),
                                  loop(kGrow, kTogether, "(= x 3) (= y 6)")},
                    OnlyTemplates{"remainders", loop(kGrow, "(= u (+ x 6)) (= v (+ y x)) (= w z)", "(= x 9999997)"),
                                  loop(kGrow, "(= u (+ x 6)) (= v (+ y x)) (= w z)", "(= x 18)")},
                    OnlyTemplates{"thresholds", loop(kGrow, "(= u (+ x 1)) (= v (+ y x)) (= w z)", "(< y 0)"),
                                  loop(kGrow, "(= u (+ x 1)) (= v (+ y x)) (= w z)", "(> y 9)")},
                    OnlyTemplates{"pairs", loop(kGrow, "(= u (+ x 1)) (>= v (+ y 1)) (= w (+ z (- y x)))", "(< z 0)"),
                                  loop(kGrow, "(= u (+ x 1)) (>= v (+ y 1)) (= w (+ z (- y x)))", "(> z 3)")},
                    OnlyTemplates{"cases",
                                  loop("(= x 0) (= y 50) (= z 0)",
                                       "(< x 100) (= u (+ x 1)) (= v (ite (> u 50) (+ y 1) y)) (= w (+ z y))",
                                       "(= x 100) (not (= y 100))"),
                                  loop("(= x 0) (= y 50) (= z 0)",
                                       "(< x 100) (= u (+ x 1)) (= v (ite (> u 5) (+ y 1) y)) (= w (+ z y))",
                                       "(= x 10) (= y 55)")},
                    OnlyTemplates{"parity",
                                  loop(kGrow, "(= u (+ x 1)) (= v (- 1 y)) (= w (ite (= y 0) (+ z 1) z))",
                                       "(= (mod x 2) 0) (not (= (* 2 z) x))"),
                                  loop(kGrow, "(= u (+ x 1)) (= v (- 1 y)) (= w (ite (= y 0) (+ z 1) z))",
                                       "(= (mod x 2) 1) (not (= (* 2 z) x))")}),
    [](const auto& one) { return one.param.what; });

// ---- what is divided in an interpretation is checked

const std::string kEven = loop("(= x 0) (= y 0) (= z 0)", "(= u (+ x 2)) (= v y) (= w z)", "(= x 7)");

std::string said(const std::string& body) {
  return rejected(safety::Format::Horn, kEven,
                  "(evidence 1 interpretation)\n(define-fun P ((x Int) (y Int) (z Int)) Bool " + body + ")\n");
}

TEST(Divided, InterpretationsSayRemaindersOfTheirParameters) {
  EXPECT_EQ(said("(= (mod x 2) 0)"), "");
  EXPECT_EQ(said("(let ((q (div x 2))) (= x (* 2 q)))"), "");
  EXPECT_EQ(said("(= (mod x (- 2)) 0)"), "");
  EXPECT_EQ(said("(= (mod (div (* 2 x) 2) 2) 0)"), "") << "what is divided may be a quotient";
  EXPECT_NE(said("(= (mod x 3) 0)"), "");
  EXPECT_NE(said("(= (mod x 2) 1)"), "");
  EXPECT_NE(said("(<= (mod x 2) 1)"), "") << "true of all, so of 7";
  EXPECT_NE(said("(= (mod x 0) 0)"), "");
  EXPECT_NE(said("(= (mod x y) 0)"), "");
}

TEST(Divided, WhatIsNoDivisionIsRefused) {
  auto clauses = interchange::read_clauses(kEven);
  ASSERT_TRUE(clauses.ok());
  term::Store& store = clauses->store;
  const auto variable = [&](const char* name) { return store.variable(name, term::kInt); };
  const auto x = variable("x"), y = variable("y"), z = variable("z"), q = variable("q"), r = variable("r");
  const auto objection = [&](const IntegerDivision& division, term::TermId formula) {
    safety::Interpretation made{{{{x, y, z}, formula, {division}}}};
    return safety::check(*clauses, made, {}).objection;
  };
  const auto even = store.equal(r, store.number(0));
  EXPECT_EQ(objection({x, 2, q, r}, even), "");
  EXPECT_NE(objection({x, 0, q, r}, even), "");
  EXPECT_NE(objection({x, std::numeric_limits<std::int64_t>::min(), q, r}, even), "");
  EXPECT_NE(objection({x, 2, x, r}, even), "") << "a parameter is no quotient";
  EXPECT_NE(objection({x, 2, r, r}, even), "");
  EXPECT_NE(objection({q, 2, q, r}, even), "") << "it would divide itself";
  EXPECT_NE(objection({variable("other"), 2, q, r}, even), "");
  EXPECT_NE(objection({x, 2, q, r}, store.equal(variable("other"), store.number(0))), "");
}

}  // namespace
}  // namespace bulkhead::test
