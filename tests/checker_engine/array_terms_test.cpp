// Arrays in terms: our evaluator and Z3 say the same, and models are read back as finitely many places.
#include <gtest/gtest.h>

#include <random>

#include "checker/solver/solver.h"

namespace bulkhead::test {
namespace {

using term::Arrays;
using term::TermId;
using term::Word;

constexpr term::Sort kArray = term::array_of(term::kInt);

/// Random terms over two arrays and two integers, and values for these.
class RandomTerms {
 public:
  explicit RandomTerms(std::uint64_t seed) : random_(seed) {
    for (const char* name : {"x", "y"}) {
      const TermId variable = store.variable(name, term::kInt);
      const Word value{pick(5), 0};
      given.emplace(variable, value);
      facts.push_back(store.equal(variable, number(value)));
    }
    for (const char* name : {"a", "b"}) {
      const TermId variable = store.variable(name, kArray);
      Arrays::Value value{{pick(3), 0}, {}};
      TermId text = store.fill(number(value.elsewhere));
      for (unsigned i = pick(4); i-- > 0;) {
        const std::int64_t at = static_cast<std::int64_t>(pick(5)) - 1;
        value.at[at] = {pick(3), 0};
        text = store.put(text, store.number(at), number(value.at[at]));
      }
      given.emplace(variable, *arrays.number(value));
      facts.push_back(store.equal(variable, text));
    }
  }

  TermId integer(int depth) {
    if (depth == 0) return pick(2) == 0 ? store.number(pick(4)) : store.variable(pick(2) == 0 ? "x" : "y", term::kInt);
    if (pick(3) == 0) return store.apply(term::Op::Add, {integer(depth - 1), integer(depth - 1)});
    return store.select(array(depth - 1), integer(depth - 1));
  }
  TermId array(int depth) {
    if (depth == 0) return pick(3) == 0 ? store.fill(integer(0)) : store.variable(pick(2) == 0 ? "a" : "b", kArray);
    if (pick(4) == 0) return store.ite(formula(depth - 1), array(depth - 1), array(depth - 1));
    return store.put(array(depth - 1), integer(depth - 1), integer(depth - 1));
  }
  TermId formula(int depth) {
    if (pick(2) == 0) return store.equal(array(depth), array(depth));
    return store.apply(term::Op::Less, {integer(depth), integer(depth)});
  }

  term::Store store;
  Arrays arrays;
  term::Assignment given;
  std::vector<TermId> facts;

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  TermId number(Word value) { return store.number(static_cast<std::int64_t>(value.low)); }

  std::mt19937_64 random_;
};

TEST(ArrayTerms, AreWorthWhatZ3SaysTheyAre) {
  std::size_t yes = 0, no = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    RandomTerms made(seed);
    const TermId formula = made.formula(3);
    const auto value = term::evaluate(made.store, formula, made.given, &made.arrays);
    ASSERT_TRUE(value.has_value()) << seed;
    ++(value->low != 0 ? yes : no);
    std::vector<TermId> all = made.facts;
    all.push_back(value->low != 0 ? made.store.negation(formula) : formula);
    ASSERT_TRUE(std::holds_alternative<solver::Unsat>(solver::solve(made.store, all))) << seed;
  }
  EXPECT_GT(yes, 5u);
  EXPECT_GT(no, 5u);
}

TEST(ArrayTerms, ModelsAreReadBackAndMakeTheQuestionTrue) {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    RandomTerms made(seed);
    const TermId all[] = {made.formula(2), made.store.negation(made.formula(2))};
    const solver::Answer answer = solver::solve(made.store, all);
    ASSERT_FALSE(std::holds_alternative<solver::Unknown>(answer)) << seed << std::get<solver::Unknown>(answer).reason;
    if (const auto* sat = std::get_if<solver::Sat>(&answer)) {
      EXPECT_TRUE(sat->validated) << seed;
      ++found;
    }
  }
  EXPECT_GT(found, 8u);
}

TEST(ArrayTerms, HaveNoValueWhereNobodyKeepsArrays) {
  RandomTerms made(1);
  EXPECT_EQ(term::evaluate(made.store, made.store.variable("a", kArray), made.given), std::nullopt);
  const TermId held = made.store.select(made.store.fill(made.store.number(4)), made.store.number(9));
  EXPECT_EQ(term::evaluate(made.store, held, {}), std::nullopt);
  EXPECT_EQ(term::evaluate(made.store, held, {}, &made.arrays), Word(Word{4, 0}));
  const term::Assignment beyond{{made.store.variable("a", kArray), {9999, 0}}};
  EXPECT_EQ(term::evaluate(made.store, made.store.variable("a", kArray), beyond, &made.arrays), std::nullopt);
}

}  // namespace
}  // namespace bulkhead::test
