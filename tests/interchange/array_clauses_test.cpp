// Horn clauses over arrays: decided with evidence that is written down, read and judged again, in both directions.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>

#include "checker/safety/values.h"
#include "tests/interchange/solving.h"

namespace bulkhead::test {
namespace {

using safety::Format;

std::optional<bool> shown(const std::string& text, std::string& why, std::string& evidence) {
  Solved solved;
  const auto found = satisfiable(text, why, patient(), &solved);
  evidence = solved.evidence;
  return found;
}

/// An array in which places are filled one after the other.
std::string filling(const std::string& bad, const std::string& put = "(store a i (+ i i))") {
  return "(set-logic HORN)\n(declare-fun fill ((Array Int Int) Int) Bool)\n"
         "(assert (forall ((a (Array Int Int))) (=> (= a ((as const (Array Int Int)) 0)) (fill a 0))))\n"
         "(assert (forall ((a (Array Int Int)) (b (Array Int Int)) (i Int)) (=> (and (fill a i) (< i 9) (= b " +
         put +
         ")) (fill b (+ i 1)))))\n"
         "(assert (forall ((a (Array Int Int)) (i Int)) (=> (and (fill a i) " +
         bad + ") false)))\n(check-sat)\n";
}

TEST(ArrayClauses, WhatIsNeverWrittenStaysAsItWas) {
  std::string why;
  EXPECT_EQ(satisfiable(filling("(not (= (select a (- 1)) 0))"), why), std::optional(true)) << why;
}

TEST(ArrayClauses, WhatIsWrittenIsFoundByADerivation) {
  std::string why, evidence;
  const std::string text = filling("(= (select a 3) 6) (= (select a 2) 4)");
  ASSERT_EQ(shown(text, why, evidence), std::optional(false)) << why;
  EXPECT_NE(evidence.find("(store "), std::string::npos) << evidence;
  EXPECT_NE(rejected(Format::Horn, filling("(= (select a 3) 7)"), evidence), "");
  EXPECT_NE(rejected(Format::Horn, filling("(= (select a 3) 6) (= (select a 2) 4)", "(store a i i)"), evidence), "");
}

TEST(ArrayClauses, ADerivationWithOtherArraysIsRefused) {
  const std::string text = filling("(= (select a 1) 2)");
  const std::string zeros = "((as const (Array Int Int)) 0)";
  const auto said = [&](const std::string& first, const std::string& second) {
    return rejected(Format::Horn, text,
                    "(evidence 1 derivation)\n(step 0 (" + zeros + ") ())\n(step 1 (" + zeros + " " + first +
                        " 0) (0))\n" + "(step 1 (" + first + " " + second + " 1) (1))\n(step 2 (" + second +
                        " 2) (2))\n");
  };
  EXPECT_EQ(said(zeros, "(store " + zeros + " 1 2)"), "");
  EXPECT_EQ(said("(store " + zeros + " 7 0)", "(store (store " + zeros + " 1 2) 1 2)"), "") << "equal arrays are equal";
  EXPECT_EQ(said(zeros, zeros), "step 2 does not do what the clause asks for");
  EXPECT_EQ(said("((as const (Array Int Int)) 1)", "(store " + zeros + " 1 2)"),
            "step 1 does not do what the clause asks for");
  EXPECT_EQ(said(zeros, "(store (store " + zeros + " 1 2) 1 3)"), "step 2 does not do what the clause asks for");
  for (const char* value : {"0", "(store 0 1 2)", "(store x 1 2)", "((as const (Array Int Int)) true)", "(as const)"}) {
    EXPECT_EQ(said(zeros, value), "4:9: a step has a value for each variable of its clause") << value;
  }
}

TEST(ArrayClauses, AMeaningOfARelationOverArraysIsDecidedClauseByClause) {
  const std::string text = filling("(< (select a 0) 0)");
  const auto said = [&](const std::string& formula) {
    return rejected(
        Format::Horn, text,
        "(evidence 1 interpretation)\n(define-fun fill ((a (Array Int Int)) (i Int)) Bool " + formula + ")\n");
  };
  EXPECT_EQ(said("(and (<= 0 i) (<= 0 (select a 0)))"), "");
  EXPECT_EQ(said("(= 0 (select a 2))"), "not so: the clause of line 4");
  EXPECT_EQ(said("true"), "not so: the clause of line 5");
  EXPECT_EQ(said("(= a ((as const (Array Int Int)) 0))"), "not so: the clause of line 4");
}

TEST(ArrayClauses, OtherArraysAreRefusedWithTheirPlace) {
  for (const char* sort :
       {"(Array Int (Array Int Int))", "(Array (_ BitVec 4) Int)", "(Array Int)", "(Array Int Real)"}) {
    const std::string text = "(set-logic HORN)\n(declare-fun P (" + std::string(sort) + ") Bool)\n";
    const auto problem = safety::read_problem(Format::Horn, text);
    ASSERT_FALSE(problem.ok()) << sort;
    EXPECT_TRUE(problem.error().starts_with("2:")) << problem.error();
  }
  for (const char* term :
       {"(select a b)", "(store a 1)", "(store a 1 true)", "((as const (Array Int Bool)) 1)", "(select 1 a)"}) {
    const std::string text =
        "(set-logic HORN)\n(declare-fun P ((Array Int Int)) Bool)\n"
        "(assert (forall ((a (Array Int Int)) (b (Array Int Int))) (=> (P a) (= " +
        std::string(term) + " b))))\n";
    EXPECT_FALSE(safety::read_problem(Format::Horn, text).ok()) << term;
  }
}

TEST(Arrays, EqualOnesHaveOneNumber) {
  term::Arrays arrays;
  const auto word = [](std::uint64_t value) { return term::Word{value, 0}; };
  const auto a = arrays.number({word(0), {{5, word(1)}, {6, word(0)}}}), zeros = arrays.number({});
  ASSERT_TRUE(a && zeros);
  EXPECT_EQ(*zeros, term::Word{});
  EXPECT_EQ(arrays.put(*zeros, 5, word(1)), a);
  EXPECT_EQ(arrays.put(*a, 5, word(0)), zeros);
  EXPECT_EQ(arrays.select(*a, 5), word(1));
  EXPECT_EQ(arrays.select(*a, 6), word(0));
  EXPECT_FALSE(arrays.has({2, 0}));
  EXPECT_FALSE(arrays.has({0, 1}));
}

TEST(Arrays, TheirNumberIsBounded) {
  term::Arrays arrays;
  std::optional<term::Word> last = term::Word{};
  std::int64_t many = 0;
  while (last && many < 1'000'000) last = arrays.put(*last, many++, {1, 0});
  EXPECT_LT(many, 1000) << "each holds one place more than the one before";
}

// ---- small finite ones, beside a saturation that nobody could get wrong

constexpr unsigned kPlaces = 3, kValues = 3;

/// What an array holds: at 0, 1, 2, and elsewhere.
using State = std::array<unsigned, kPlaces + 1>;

/// a(place) is (or is not) the value.
struct Test {
  bool same;
  unsigned place, value;
};
/// Where the test holds, `to` becomes what `from` holds and so much more.
struct Write {
  Test when;
  unsigned to, from, more;
};

class RandomWrites {
 public:
  explicit RandomWrites(std::uint64_t seed) : random_(seed) {
    for (unsigned& value : first_) value = pick(2);
    for (int i = 0; i < 4; ++i) writes_.push_back({test(), pick(kPlaces), pick(kPlaces), pick(kValues)});
    for (int i = 0; i < 3; ++i) bad_.push_back({pick(4) != 0, static_cast<unsigned>(i), pick(kValues)});
  }

  std::string text() const {
    std::string start = "((as const (Array Int Int)) " + std::to_string(first_[kPlaces]) + ")";
    for (unsigned i = 0; i < kPlaces; ++i)
      start = "(store " + start + " " + std::to_string(i) + " " + std::to_string(first_[i]) + ")";
    std::string text = "(set-logic HORN)\n(declare-fun R ((Array Int Int)) Bool)\n(assert (R " + start + "))\n";
    const auto clause = [&](const std::string& when, const std::string& head) {
      text += "(assert (forall ((a (Array Int Int))) (=> (and (R a)" + when + ") " + head + ")))\n";
    };
    for (const Write& write : writes_) {
      const std::string sum = "(+ " + std::to_string(write.more) + " (select a " + std::to_string(write.from) + "))";
      const std::string value = "(ite (<= " + sum + " 2) " + sum + " (- " + sum + " 3))";
      clause(printed(write.when), "(R (store a " + std::to_string(write.to) + " " + value + "))");
    }
    clause(printed(bad_[0]) + printed(bad_[1]) + printed(bad_[2]), "false");
    return text + "(check-sat)\n";
  }

  bool is_satisfiable() const {
    std::set<State> seen{first_};
    std::vector<State> open{first_};
    while (!open.empty()) {
      const State state = open.back();
      open.pop_back();
      if (holds(bad_[0], state) && holds(bad_[1], state) && holds(bad_[2], state)) return false;
      for (const Write& write : writes_) {
        if (!holds(write.when, state)) continue;
        State next = state;
        next[write.to] = (state[write.from] + write.more) % kValues;
        if (seen.insert(next).second) open.push_back(next);
      }
    }
    return true;
  }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  Test test() { return {pick(2) == 0, pick(kPlaces), pick(kValues)}; }
  static bool holds(const Test& test, const State& state) { return (state[test.place] == test.value) == test.same; }
  static std::string printed(const Test& test) {
    const std::string equal = "(= (select a " + std::to_string(test.place) + ") " + std::to_string(test.value) + ")";
    return test.same ? " " + equal : " (not " + equal + ")";
  }

  std::mt19937_64 random_;
  State first_{};
  std::vector<Write> writes_;
  std::vector<Test> bad_;
};

TEST(ArrayClauses, AgreeWithSaturationOnSmallSystems) {
  std::size_t holds = 0, contradictory = 0;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const RandomWrites made(seed);
    std::string why;
    const auto answer = satisfiable(made.text(), why);
    ASSERT_EQ(answer, std::optional(made.is_satisfiable())) << seed << " " << why << "\n" << made.text();
    ++(*answer ? holds : contradictory);
  }
  EXPECT_GT(holds, 3u);
  EXPECT_GT(contradictory, 3u);
}

}  // namespace
}  // namespace bulkhead::test
