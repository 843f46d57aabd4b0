#include "checker/solver/solver.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <random>

namespace bulkhead::solver {
namespace {

using term::Op;
using term::Store;
using term::TermId;
using term::Word;

/// A random Boolean term over some words of one width.
TermId random_term(Store& store, std::mt19937& random, std::uint16_t width) {
  std::vector<TermId> words;
  for (const char* name : {"x", "y", "z"}) words.push_back(store.variable(name, term::bits(width)));
  words.push_back(store.constant(random() % 16, width));
  words.push_back(store.constant(Word{random(), random()}, width));
  static constexpr Op kOps[] = {Op::BitAnd, Op::BitOr,  Op::BitXor,    Op::BitAdd,
                                Op::BitSub, Op::BitMul, Op::ShiftLeft, Op::ShiftRight};
  const auto any = [&](const std::vector<TermId>& from) { return from[random() % from.size()]; };
  for (int i = 0; i < 6; ++i) {
    if (random() % 6 == 0)
      words.push_back(store.apply(Op::BitNot, {any(words)}));
    else if (random() % 6 == 0)
      words.push_back(
          store.zero_extend(store.extract(any(words), static_cast<std::uint16_t>(random() % width), 1), width));
    else
      words.push_back(store.apply(kOps[random() % std::size(kOps)], {any(words), any(words)}));
  }
  static constexpr Op kComparisons[] = {Op::UnsignedLess, Op::UnsignedLessEqual, Op::SignedLess, Op::SignedLessEqual};
  std::vector<TermId> truths{store.equal(any(words), any(words))};
  for (int i = 0; i < 4; ++i) truths.push_back(store.apply(kComparisons[random() % 4], {any(words), any(words)}));
  for (int i = 0; i < 4; ++i) {
    const TermId a = any(truths), b = any(truths), c = any(truths);
    truths.push_back(random() % 3 == 0   ? store.negation(a)
                     : random() % 2 == 0 ? store.conjunction({a, b})
                                         : store.ite(a, b, c));
  }
  return truths.back();
}

TEST(Z3Solver, AgreesWithTheEvaluatorOnEveryAssignmentOfNarrowWords) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    Store store;
    const TermId question = random_term(store, random, 3);
    const TermId x = store.variable("x", term::bits(3)), y = store.variable("y", term::bits(3)),
                 z = store.variable("z", term::bits(3));
    bool satisfiable = false;
    for (unsigned value = 0; value < 512; ++value)
      satisfiable =
          satisfiable ||
          term::evaluate(store, question, {{x, {value & 7, 0}}, {y, {(value >> 3) & 7, 0}}, {z, {value >> 6, 0}}})
                  ->low != 0;
    const TermId questions[] = {question};
    const Answer answer = solve(store, questions);
    ASSERT_FALSE(std::holds_alternative<Unknown>(answer)) << std::get<Unknown>(answer).reason;
    ASSERT_EQ(std::holds_alternative<Sat>(answer), satisfiable);
    if (satisfiable) {
      EXPECT_TRUE(std::get<Sat>(answer).validated);
    }
  }
}

TEST(Z3Solver, ReadsBackModelsOfWideWords) {
  std::mt19937 random(8);
  for (const std::uint16_t width : {std::uint16_t{32}, std::uint16_t{64}, std::uint16_t{128}}) {
    Store store;
    const TermId x = store.variable("x", term::bits(width));
    const Word wanted =
        store.at(store.constant(Word{random() * 0x123456789ull, random() * 0x987654321ull}, width)).word;
    const TermId questions[] = {
        store.equal(store.apply(Op::BitXor, {x, store.constant(Word{5, 9}, width)}), store.constant(wanted, width))};
    const Answer answer = solve(store, questions);
    ASSERT_TRUE(std::holds_alternative<Sat>(answer));
    EXPECT_TRUE(std::get<Sat>(answer).validated);
    const Word five_nine = store.at(store.constant(Word{5, 9}, width)).word;
    EXPECT_EQ(std::get<Sat>(answer).model.at(x), (Word{wanted.low ^ five_nine.low, wanted.high ^ five_nine.high}));
  }
}

TEST(Z3Solver, PushesAndPops) {
  Store store;
  const TermId p = store.variable("p", term::kBool);
  const auto solver = make_z3(store, Theory::Finite);
  solver->add(p);
  solver->push();
  solver->add(store.negation(p));
  EXPECT_TRUE(std::holds_alternative<Unsat>(solver->check()));
  solver->pop();
  EXPECT_TRUE(std::holds_alternative<Sat>(solver->check()));
}

TEST(Z3Solver, DecidesQuantifiersOverWordsAndBooleans) {
  Store store;
  const TermId x = store.variable("x", term::bits(64)), y = store.variable("y", term::bits(64)),
               p = store.variable("p", term::kBool);
  const TermId below = store.apply(Op::UnsignedLessEqual, {x, y});
  const TermId least[] = {store.for_all({y, p}, store.disjunction({below, store.conjunction({p, store.negation(p)})}))};
  const Answer answer = solve(store, least);
  ASSERT_TRUE(std::holds_alternative<Sat>(answer));
  EXPECT_FALSE(std::get<Sat>(answer).validated);
  EXPECT_EQ(std::get<Sat>(answer).model.at(x), (Word{0, 0}));
  const TermId none[] = {store.for_all({y}, store.apply(Op::UnsignedLess, {x, y}))};
  EXPECT_TRUE(std::holds_alternative<Unsat>(solve(store, none)));
}

TEST(Z3Solver, SaysWhenItsStepsRunOut) {
  Store store;
  const TermId x = store.variable("x", term::bits(64)), y = store.variable("y", term::bits(64));
  // Factors of a product of two primes, without the trivial ones.
  const TermId one = store.constant(1, 64), limit = store.constant(std::uint64_t{1} << 32, 64);
  const TermId question[] = {
      store.equal(store.apply(Op::BitMul, {x, y}), store.constant(4294967291ull * 4294967279ull, 64)),
      store.apply(Op::UnsignedLess, {one, x}), store.apply(Op::UnsignedLess, {one, y}),
      store.apply(Op::UnsignedLess, {x, limit}), store.apply(Op::UnsignedLess, {y, limit})};
  Limits limits;
  limits.resource = 20'000;
  const Answer answer = solve(store, question, limits);
  ASSERT_TRUE(std::holds_alternative<Unknown>(answer));
  EXPECT_NE(std::get<Unknown>(answer).reason.find("20000 steps"), std::string::npos)
      << std::get<Unknown>(answer).reason;
}

std::string output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  char buffer[256];
  while (pipe != nullptr && std::fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
  if (pipe != nullptr) pclose(pipe);
  return text;
}

TEST(Smt2, IsReadByACvc5ThatAgrees) {
  if (output_of("command -v cvc5").empty()) GTEST_SKIP() << "needs cvc5: it is not installed";
  std::mt19937 random(9);
  for (int round = 0; round < 12; ++round) {
    Store store;
    TermId question = random_term(store, random, 8);
    if (round % 3 == 0) question = store.for_all({store.variable("x", term::bits(8))}, question);
    const TermId questions[] = {question};
    const Answer answer = solve(store, questions);
    const std::string path = testing::TempDir() + "smt2_test.smt2";
    std::ofstream(path) << term::to_smt2(store, questions);
    const std::string said = output_of("cvc5 --lang smt2 " + path + " 2>&1");
    EXPECT_EQ(said, std::holds_alternative<Sat>(answer) ? "sat\n" : "unsat\n") << term::to_smt2(store, questions);
  }
}

}  // namespace
}  // namespace bulkhead::solver
