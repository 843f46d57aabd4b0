// Horn clauses with any number of relations in a body: decided with evidence that is checked, in both directions.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "checker/safety/decide_clauses.h"
#include "checker/safety/unfolding.h"
#include "tests/interchange/lying_child.h"
#include "tests/interchange/solving.h"

namespace bulkhead::test {
namespace {

using interchange::Clauses;
using safety::Derivation;

std::string script(const std::string& clauses) {
  return "(set-logic HORN)\n" + clauses + "(check-sat)\n";
}

Clauses read(const std::string& text) {
  auto clauses = interchange::read_clauses(text);
  EXPECT_TRUE(clauses.ok()) << clauses.error().place.line << " " << clauses.error().reason << "\n" << text;
  return clauses.ok() ? std::move(clauses).value() : Clauses{};
}

void expect(const std::string& clauses, bool expected) {
  std::string why;
  EXPECT_EQ(satisfiable(script(clauses), why), std::optional(expected)) << why << "\n" << clauses;
}

const std::string kFibonacci =
    "(declare-fun fib (Int Int) Bool)\n"
    "(assert (forall ((n Int)) (=> (and (>= n 0) (<= n 1)) (fib n n))))\n"
    "(assert (forall ((n Int) (a Int) (b Int)) (=> (and (> n 1) (fib (- n 1) a) (fib (- n 2) b)) (fib n (+ a b)))))\n";

TEST(SolveClauses, FibonacciIsNotBelowItsArgumentAndReachesThirteen) {
  expect(kFibonacci + "(assert (forall ((n Int) (r Int)) (=> (and (fib n r) (< r (- n 1))) false)))\n", true);
  expect(kFibonacci + "(assert (forall ((n Int) (r Int)) (=> (and (fib n r) (> n 4) (= r 13)) false)))\n", false);
}

TEST(SolveClauses, McCarthysFunctionIsNinetyOneUpToAHundredAndOne) {
  const std::string clauses =
      "(declare-fun mc (Int Int) Bool)\n(assert (forall ((n Int)) (=> (> n 100) (mc n (- n 10)))))\n"
      "(assert (forall ((n Int) (a Int) (r Int)) (=> (and (<= n 100) (mc (+ n 11) a) (mc a r)) (mc n r))))\n";
  expect(clauses + "(assert (forall ((n Int) (r Int)) (=> (and (mc n r) (<= n 101) (not (= r 91))) false)))\n", true);
  expect(clauses + "(assert (forall ((n Int) (r Int)) (=> (and (mc n r) (< n 98) (= r 91)) false)))\n", false);
}

TEST(SolveClauses, TreesOfAHeightHaveMoreNodesThanIt) {
  const std::string clauses =
      "(declare-fun size (Int Int) Bool)\n(declare-fun |one leaf| (Int) Bool)\n(assert (|one leaf| 1))\n"
      "(assert (forall ((x Int)) (=> (|one leaf| x) (size 0 x))))\n"
      "(assert (forall ((h Int) (x Int) (y Int)) (=> (and (size h x) (size h y)) (size (+ h 1) (+ x y 1)))))\n";
  expect(clauses + "(assert (forall ((h Int) (x Int)) (=> (and (size h x) (<= x h)) false)))\n", true);
  expect(clauses + "(assert (forall ((h Int) (x Int)) (=> (and (size h x) (= x 15)) false)))\n", false);
}

TEST(SolveClauses, ASummaryOfARecursiveSumIsUsedTwice) {
  const std::string clauses =
      "(declare-fun sum (Int Int Int) Bool)\n(assert (forall ((y Int)) (sum 0 y y)))\n"
      "(assert (forall ((x Int) (y Int) (r Int)) (=> (and (> x 0) (sum (- x 1) y r)) (sum x y (+ r 1)))))\n";
  const auto twice = [&](const char* bad) {
    return clauses + "(assert (forall ((x Int) (y Int) (r Int) (s Int)) (=> (and (sum x y r) (sum r x s) (>= y 0) " +
           bad + ") false)))\n";
  };
  expect(twice("(not (= s (+ x x y)))"), true);
  expect(twice("(= s 7) (= y 3)"), false);
}

TEST(SolveClauses, DivisionInAClauseIsOneOfItsVariables) {
  const std::string clauses =
      "(declare-fun P (Int) Bool)\n(assert (P 40))\n(assert (P 3))\n"
      "(assert (forall ((x Int) (y Int)) (=> (and (P x) (P y) (= (mod x 2) 0)) (P (+ (div x 2) y)))))\n";
  expect(clauses + "(assert (not (P 23)))\n", false);
  expect(clauses + "(assert (not (P 0)))\n", true);
}

// ---- small finite ones, beside a saturation that nobody could get wrong

struct Argument {
  int variable;  // -1: none
  unsigned added;
};
struct Atom {
  std::size_t relation;
  std::vector<Argument> arguments;
};
struct Condition {
  int kind;  // 0: equal, 1: different, 2: less
  Argument left, right;
};
struct RandomClause {
  std::vector<Atom> body;
  std::optional<Atom> head;
  std::vector<Condition> conditions;
};
constexpr std::size_t kVariables = 3, kArities[] = {1, 2, 2};
/// Over words of two bits with up to three relations in a body, or over the integers 0 to 3 with one.
enum class Shape : std::uint8_t { Words, LinearIntegers };

class RandomClauses {
 public:
  explicit RandomClauses(std::uint64_t seed, Shape shape = Shape::Words) : random_(seed), shape_(shape) {
    for (int i = 0; i < 3; ++i) clauses_.push_back({{}, ground(), {}});
    for (int i = 0; i < 4; ++i) {
      RandomClause clause{body(), atom(), {}};
      if (shape_ == Shape::Words && pick(3) == 0) clause.body.push_back(atom());
      if (pick(2) == 0) clause.conditions.push_back({static_cast<int>(pick(3)), argument(), argument()});
      clauses_.push_back(std::move(clause));
    }
    clauses_.push_back({body(), std::nullopt, {{static_cast<int>(pick(3)), argument(), argument()}}});
  }

  std::string text() const {
    const bool words = shape_ == Shape::Words;
    const std::string sort = words ? "(_ BitVec 2)" : "Int";
    std::string text = "(set-logic HORN)\n";
    for (std::size_t i = 0; i < std::size(kArities); ++i) {
      text += "(declare-fun R" + std::to_string(i) + " (";
      for (std::size_t k = 0; k < kArities[i]; ++k) text += (k == 0 ? "" : " ") + sort;
      text += ") Bool)\n";
    }
    for (const RandomClause& clause : clauses_) {
      text += "(assert (forall ((x0 " + sort + ") (x1 " + sort + ") (x2 " + sort + ")) (=> (and true";
      if (!words) text += " (<= 0 x0 3) (<= 0 x1 3) (<= 0 x2 3)";
      for (const Atom& one : clause.body) text += " " + printed(one);
      for (const Condition& one : clause.conditions) {
        const std::string sides = printed(one.left) + " " + printed(one.right) + ")";
        const char* const less = words ? " (bvult " : " (< ";
        text += one.kind == 0 ? " (= " + sides : one.kind == 1 ? " (not (= " + sides + ")" : less + sides;
      }
      text += ") " + (clause.head ? printed(*clause.head) : "false") + ")))\n";
    }
    return text + "(check-sat)\n";
  }

  /// Whether no clause without a head applies to what the others derive.
  bool is_satisfiable() const {
    std::set<std::vector<unsigned>> facts;
    for (bool more = true; more;) {
      more = false;
      for (const RandomClause& clause : clauses_) {
        for (unsigned all = 0; all < 1u << (2 * kVariables); ++all) {
          if (!applies(clause, all, facts)) continue;
          if (!clause.head) return false;
          more = facts.insert(fact(*clause.head, all)).second || more;
        }
      }
    }
    return true;
  }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  Argument argument() { return {static_cast<int>(pick(4)) - 1, pick(2) == 0 ? 0u : pick(4)}; }
  Atom atom() {
    Atom made{pick(std::size(kArities)), {}};
    for (std::size_t i = 0; i < kArities[made.relation]; ++i) made.arguments.push_back(argument());
    return made;
  }
  std::vector<Atom> body() {
    std::vector<Atom> made{atom()};
    if (shape_ == Shape::Words) made.push_back(atom());
    return made;
  }
  Atom ground() {
    Atom made = atom();
    for (Argument& one : made.arguments) one.variable = -1;
    return made;
  }
  std::string printed(const Argument& one) const {
    const std::string variable = "x" + std::to_string(one.variable);
    if (shape_ == Shape::LinearIntegers) {
      const std::string added = std::to_string(one.added);
      if (one.variable < 0) return added;
      const std::string sum = "(+ " + variable + " " + added + ")";
      return "(ite (<= " + sum + " 3) " + sum + " (- " + sum + " 4))";
    }
    const std::string number = std::string("#b") + (one.added / 2 != 0 ? "1" : "0") + (one.added % 2 != 0 ? "1" : "0");
    return one.variable < 0 ? number : "(bvadd " + variable + " " + number + ")";
  }
  std::string printed(const Atom& one) const {
    std::string text = "(R" + std::to_string(one.relation);
    for (const Argument& argument : one.arguments) text += " " + printed(argument);
    return text + ")";
  }
  static unsigned value(const Argument& one, unsigned all) {
    const unsigned base = one.variable < 0 ? 0 : all >> (2 * static_cast<unsigned>(one.variable));
    return (base + one.added) % 4;
  }
  static std::vector<unsigned> fact(const Atom& one, unsigned all) {
    std::vector<unsigned> made{static_cast<unsigned>(one.relation)};
    for (const Argument& argument : one.arguments) made.push_back(value(argument, all));
    return made;
  }
  static bool applies(const RandomClause& clause, unsigned all, const std::set<std::vector<unsigned>>& facts) {
    for (const Atom& one : clause.body) {
      if (!facts.contains(fact(one, all))) return false;
    }
    for (const Condition& one : clause.conditions) {
      const unsigned left = value(one.left, all), right = value(one.right, all);
      if (one.kind == 0 ? left != right : one.kind == 1 ? left == right : left >= right) return false;
    }
    return true;
  }

  std::mt19937_64 random_;
  Shape shape_;
  std::vector<RandomClause> clauses_;
};

void agrees_with_saturation(Shape shape) {
  std::size_t holds = 0, contradictory = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RandomClauses made(seed, shape);
    std::string why;
    const auto answer = satisfiable(made.text(), why);
    ASSERT_EQ(answer, std::optional(made.is_satisfiable())) << seed << " " << why << "\n" << made.text();
    ++(*answer ? holds : contradictory);
  }
  EXPECT_GT(holds, 5u);
  EXPECT_GT(contradictory, 5u);
}

TEST(SolveClauses, AgreesWithSaturationOnSmallSystems) {
  agrees_with_saturation(Shape::Words);
}

TEST(SolveClauses, AgreesWithSaturationOnLinearClausesOverIntegers) {
  agrees_with_saturation(Shape::LinearIntegers);
}

TEST(SolveClauses, WhatSpacerSaysOfLinearClausesIsDerivedAgain) {
  std::size_t derived = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const RandomClauses made(seed, Shape::LinearIntegers);
    solver::SpacerOptions asked = safety::spacer_options(patient(), {});
    asked.steps = true;
    const solver::SpacerAnswer answer = solver::ask_spacer(made.text(), asked);
    if (answer.kind != solver::SpacerAnswer::Kind::Unsatisfiable) continue;
    const Clauses clauses = read(made.text());
    const auto derivation = safety::derived_again(clauses, answer.text, {}, 0);
    ASSERT_TRUE(derivation.has_value()) << seed << answer.text << made.text();
    ASSERT_EQ(safety::objection(clauses, *derivation), std::nullopt);
    ASSERT_FALSE(made.is_satisfiable()) << seed;
    ++derived;
  }
  EXPECT_GT(derived, 5u);
}

TEST(SolveClauses, UnfoldingAloneFindsContradictionsAndOnlyThese) {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const RandomClauses made(seed);
    const Clauses clauses = read(made.text());
    safety::Unfolding unfolding(clauses, {}, 0);
    bool contradiction = false;
    for (const std::size_t height : {1u, 2u, 3u}) {
      contradiction = contradiction || unfolding.derive(std::nullopt, height, {}) == safety::Unfolding::Outcome::Found;
    }
    if (!contradiction) continue;
    ++found;
    ASSERT_FALSE(made.is_satisfiable()) << made.text();
    ASSERT_EQ(safety::objection(clauses, unfolding.derivation()), std::nullopt) << made.text();
  }
  EXPECT_GT(found, 10u);
}

// ---- evidence that is none

const std::string kWords =
    "(declare-fun P ((_ BitVec 4)) Bool)\n(assert (P #x2))\n"
    "(assert (forall ((x (_ BitVec 4)) (y (_ BitVec 4))) (=> (and (P x) (P y)) (P (bvadd x y)))))\n"
    "(assert (not (P #x7)))\n";

TEST(SolveClauses, AnInterpretationThatIsNoneIsRefused) {
  Clauses clauses = read(script(kWords));
  const auto objection = [&](const std::string& formula) {
    const auto meaning = safety::read_interpretation(
        clauses, "((define-fun P ((a (_ BitVec 4))) Bool " + formula + "))", interchange::Missing::Nowhere);
    EXPECT_TRUE(meaning.has_value());
    return meaning ? safety::check(clauses, *meaning, {}).objection : "it is not read";
  };
  EXPECT_EQ(objection("(= ((_ extract 0 0) a) #b0)"), "");
  EXPECT_EQ(objection("true"), "not so: the clause of line 5");
  EXPECT_EQ(objection("false"), "not so: the clause of line 3");
  EXPECT_EQ(objection("(= a #x2)"), "not so: the clause of line 4");
  EXPECT_EQ(objection("(distinct a #x7)"), "not so: the clause of line 4");

  safety::Interpretation own{{{{clauses.store.variable("own", term::bits(4))}, clauses.store.truth(true)}}};
  own.relations[0].formula =
      clauses.store.equal(clauses.store.variable("other", term::bits(4)), own.relations[0].parameters[0]);
  EXPECT_EQ(safety::check(clauses, own, {}).objection,
            "the meaning of relation 1 reads what is no parameter, or has quantifiers or relations");
  own.relations[0].parameters = {};
  EXPECT_EQ(safety::check(clauses, own, {}).objection, "the meaning of relation 1 has other parameters");
  own.relations[0] = {{clauses.store.variable("narrow", term::bits(3))}, clauses.store.truth(true)};
  EXPECT_EQ(safety::check(clauses, own, {}).objection, "the meaning of relation 1 has other parameters");
  own.relations[0] = {{clauses.store.variable("own", term::bits(4))}, clauses.clauses[0].head};
  EXPECT_EQ(safety::check(clauses, own, {}).objection,
            "the meaning of relation 1 reads what is no parameter, or has quantifiers or relations");
  EXPECT_EQ(safety::check(clauses, {}, {}).objection, "it does not have one meaning for each relation");
}

TEST(SolveClauses, ADerivationThatIsNoneIsRefused) {
  const Clauses clauses = read(script(
      "(declare-fun P ((_ BitVec 4)) Bool)\n(declare-fun Q ((_ BitVec 4)) Bool)\n(assert (P #x2))\n"
      "(assert (forall ((x (_ BitVec 4)) (y (_ BitVec 4))) (=> (and (P x) (P y) (bvult x #xf)) (P (bvadd x y #x1)))))\n"
      "(assert (forall ((x (_ BitVec 4))) (=> (P x) (Q x))))\n(assert (not (P #x5)))\n(assert (Q #x2))\n"));
  const Derivation right{{{0, {}, {}}, {1, {{2, 0}, {2, 0}}, {0, 0}}, {3, {}, {1}}}};
  EXPECT_EQ(safety::objection(clauses, right), std::nullopt);
  const auto changed = [&](const auto& change) {
    Derivation wrong = right;
    change(wrong.steps);
    const auto why = safety::objection(clauses, wrong);
    return why ? *why : "accepted";
  };
  using Steps = std::vector<safety::Step>;
  EXPECT_EQ(changed([](Steps& steps) { steps.clear(); }), "it has no steps, or too many");
  EXPECT_EQ(changed([](Steps& steps) { steps.resize(safety::kMaxSteps + 1, steps[0]); }),
            "it has no steps, or too many");
  EXPECT_EQ(changed([](Steps& steps) { steps.pop_back(); }), "the last step derives no contradiction");
  EXPECT_EQ(changed([](Steps& steps) { steps.erase(steps.begin()); }), "step 0 has a premise that is not earlier");
  EXPECT_EQ(changed([](Steps& steps) { steps[1].premises = {0, 1}; }), "step 1 has a premise that is not earlier");
  EXPECT_EQ(changed([](Steps& steps) { steps[1].premises = {0}; }), "step 1 does not have a premise for each relation");
  EXPECT_EQ(changed([](Steps& steps) { steps[1].values[1] = {3, 0}; }), "step 1 has a premise about other values");
  EXPECT_EQ(changed([](Steps& steps) { steps[1].values[0] = {15, 0}; }), "step 1 does not do what the clause asks for");
  EXPECT_EQ(changed([](Steps& steps) { steps[1].values[0] = {18, 0}; }), "step 1 has a value of another sort");
  EXPECT_EQ(changed([](Steps& steps) { steps[1].values.pop_back(); }),
            "step 1 does not have a value for each variable");
  EXPECT_EQ(changed([](Steps& steps) { steps[2].premises = {0}; }), "step 2 has a premise about other values");
  EXPECT_EQ(changed([](Steps& steps) { steps[2].clause = 9; }), "step 2 has no clause");
  EXPECT_EQ(changed([](Steps& steps) { steps[0].clause = 4; }), "step 1 has a premise about another relation");
}

TEST(SolveClauses, IntegersThatDoNotFitAreNoDerivation) {
  const Clauses clauses =
      read(script("(declare-fun P (Int) Bool)\n(assert (P 9223372036854775807))\n"
                  "(assert (forall ((x Int) (y Int)) (=> (and (P x) (P y) (< (+ x y) 0)) false)))\n"));
  const term::Word most{INT64_MAX, 0};
  const Derivation wrapped{{{0, {}, {}}, {1, {most, most}, {0, 0}}}};
  EXPECT_EQ(safety::objection(clauses, wrapped), "step 1 has integers beyond 64 bits, or too many arrays");
}

TEST(SolveClauses, AChildThatLiesIsNotBelieved) {
  const std::string text = script(
      "(declare-fun P (Int) Bool)\n(assert (P 2))\n"
      "(assert (forall ((x Int) (y Int)) (=> (and (P x) (P y)) (P (+ x y)))))\n(assert (not (P 4096)))\n");
  for (const char* lie :
       {"sat\n(define-fun P ((a Int)) Bool (> a 0))", "sat\n(define-fun P ((a Int)) Bool (= (mod a 2) 1))",
        "sat\n(define-fun P ((a Int)) Bool (exists ((b Int)) (= b a)))", "sat\n(define-fun Q ((a Int)) Bool true)",
        "unsat\n((query 1) (P 4095))\n", "unsat\n((P 3) (P 2))\n((P 4096) (P 3))\n((false) (P 4096))\n",
        "unsat\n((P (P 2)) x)\n(((\n", "unsat", ""}) {
    const LyingChild child(lie);
    safety::Options options = patient();
    options.program = child.program();
    options.time = std::chrono::seconds(1);
    std::string why;
    EXPECT_EQ(satisfiable(text, why, options), std::nullopt) << lie;
  }
}

TEST(SolveClauses, WhatASolverTellsIsDerivedAgain) {
  const Clauses clauses = read(script(kFibonacci + "(assert (not (fib 6 8)))\n"));
  const auto follows = [&](const std::string& told) {
    safety::Unfolding unfolding(clauses, {}, 0);
    const bool found = unfolding.follow(told);
    EXPECT_TRUE(!found || !safety::objection(clauses, unfolding.derivation())) << told;
    return found;
  };
  EXPECT_TRUE(
      follows("((fib 0 0))((fib 1 1))((fib 2 1) (fib 1 1) (fib 0 0))((fib 3 2) (fib 2 1) (fib 1 1))"
              "((fib 4 3) (fib 3 2) (fib 2 1))((fib 5 5) (fib 4 3) (fib 3 2))((fib 6 8) (fib 5 5) (fib 4 3))((query 6) "
              "(fib 6 8))"));
  EXPECT_TRUE(follows("((fib 3 2))((fib 4 3) (fib 3 2))((fib 6 8) (fib 3 2) (fib 4 3))")) << "steps that were joined";
  EXPECT_FALSE(follows("((fib 3 3))((fib 6 9) (fib 3 3))((fib (- 6) true) (fib 3 3))((query 6) (fib 6 9))"));
}

}  // namespace
}  // namespace bulkhead::test
