#include "checker/rup/rup.h"

#include <gtest/gtest.h>

#include <random>

#include "checker/sat/sat.h"

namespace bulkhead::test {
namespace {

using rup::Clause;

TEST(Rup, AcceptsWhatFollowsLineByLine) {
  const std::vector<Clause> square{{1, 2}, {-1, 2}, {1, -2}, {-1, -2}};
  EXPECT_EQ(rup::objection(square, "2 0\n0\n"), std::nullopt);
  EXPECT_EQ(rup::objection(square, "d 1 2 0\n2 0\n0\n"), std::nullopt) << "deletions are read over";
  EXPECT_EQ(rup::objection(std::vector<Clause>{{1}, {-1}}, ""), std::nullopt);
  EXPECT_EQ(rup::objection(std::vector<Clause>{{}}, ""), std::nullopt);
}

TEST(Rup, RefusesWhatDoesNot) {
  const std::vector<Clause> square{{1, 2}, {-1, 2}, {1, -2}, {-1, -2}};
  const std::vector<Clause> open{{1, 2}, {-1, 2}, {1, -2}};
  EXPECT_NE(rup::objection(square, ""), std::nullopt) << "no unit: nothing is refuted yet";
  EXPECT_NE(rup::objection(square, "0\n"), std::nullopt);
  EXPECT_NE(rup::objection(open, "2 0\n0\n"), std::nullopt);
  EXPECT_NE(rup::objection(open, "-1 0\n0\n"), std::nullopt);
  EXPECT_NE(rup::objection({}, "0\n"), std::nullopt);
}

TEST(Rup, RefusesTextThatIsNoProof) {
  const std::vector<Clause> square{{1, 2}, {-1, 2}, {1, -2}, {-1, -2}};
  for (const char* text : {"2\n0\n", "3 0\n0\n", "x 0\n", "2 0 0\n", "99999999999 0\n", "-2147483648 0\n", "2 0 1\n"}) {
    EXPECT_NE(rup::objection(square, text), std::nullopt) << text;
  }
}

/// Random clauses of three literals, where about half of the formulas can be satisfied.
std::vector<Clause> random_clauses(std::mt19937& random) {
  const int variables = 6 + static_cast<int>(random() % 5);
  std::vector<Clause> clauses(static_cast<std::size_t>(variables) * 9 / 2);
  for (Clause& clause : clauses) {
    for (int i = 0; i < 3; ++i) {
      const int variable = 1 + static_cast<int>(random() % static_cast<unsigned>(variables));
      clause.push_back(random() % 2 == 0 ? variable : -variable);
    }
  }
  return clauses;
}

bool satisfiable(const std::vector<Clause>& clauses) {
  for (unsigned assignment = 0; assignment < 1u << 11; ++assignment) {
    const auto is_true = [&](int literal) {
      return ((assignment >> std::abs(literal)) & 1) == (literal > 0 ? 1u : 0u);
    };
    const auto holds = [&](const Clause& clause) { return std::any_of(clause.begin(), clause.end(), is_true); };
    if (std::all_of(clauses.begin(), clauses.end(), holds)) return true;
  }
  return false;
}

TEST(Rup, AcceptsTheSolversProofsAndNoneOfWhatCanBeSatisfied) {
  std::mt19937 random(7);
  int refuted = 0, kept = 0;
  std::vector<std::string> proofs;
  for (int i = 0; i < 300; ++i) {
    const auto clauses = random_clauses(random);
    const auto proof = sat::refute(clauses);
    ASSERT_EQ(proof.has_value(), !satisfiable(clauses));
    if (proof) {
      ASSERT_EQ(rup::objection(clauses, *proof), std::nullopt) << *proof;
      proofs.push_back(*proof);
      ++refuted;
      continue;
    }
    ++kept;
    for (const std::string& other : proofs) ASSERT_NE(rup::objection(clauses, other), std::nullopt);
  }
  EXPECT_GT(refuted, 50);
  EXPECT_GT(kept, 50);
}

}  // namespace
}  // namespace bulkhead::test
