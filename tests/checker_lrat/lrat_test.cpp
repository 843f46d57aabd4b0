// Refutations: what the solver writes becomes LRAT that the checker accepts; nothing else is accepted.
#include "checker/lrat/lrat.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "checker/sat/elaborate.h"
#include "checker/sat/sat.h"

namespace bulkhead::test {
namespace {

using lrat::Clause;

const std::vector<Clause> kSquare{{1, 2}, {-1, 2}, {1, -2}, {-1, -2}};

std::optional<std::string> objection(const std::vector<Clause>& clauses, const std::string& proof) {
  return lrat::objection(clauses, proof);
}

TEST(Lrat, AcceptsWhatFollowsByItsHints) {
  EXPECT_EQ(objection(kSquare, "5 2 0 1 2 0\n6 0 5 3 4 0\n"), std::nullopt);
  EXPECT_EQ(objection(kSquare, "5 2 0 1 2 0\n5 d 1 2 0\n6 0 5 3 4 0\n"), std::nullopt) << "what is not needed may go";
  EXPECT_EQ(objection(kSquare, "9 2 0 2 1 0\n70 0 9 4 3 0"), std::nullopt) << "numbers may be left out";
  EXPECT_EQ(objection({{1}, {-1}}, "3 0 1 2 0\n"), std::nullopt);
  EXPECT_EQ(objection({{1, 1}, {-1, -1}}, "3 0 1 2 0\n"), std::nullopt) << "literals may be repeated";
  EXPECT_EQ(objection({{}}, "2 0 1 0\n"), std::nullopt);
}

struct Tampered {
  const char* what;
  const char* proof;
  const char* why;
};

TEST(Lrat, RefusesEveryKindOfTampering) {
  const Tampered cases[] = {
      {"nothing at all", "", "ends without a contradiction"},
      {"no contradiction at the end", "5 2 0 1 2 0\n", "ends without a contradiction"},
      {"the empty clause too early", "5 0 1 2 0\n", "more than one literal left"},
      {"the empty clause without hints", "5 2 0 1 2 0\n6 0 0\n", "do not show it"},
      {"another literal", "5 1 0 1 2 0\n6 0 5 3 4 0\n", "more than one literal left"},
      {"a literal too few", "5 0 1 2 0\n6 0 5 3 4 0\n", "more than one literal left"},
      {"a literal flipped", "5 -2 0 1 2 0\n6 0 5 3 4 0\n", "more than one literal left"},
      {"a hint too few", "5 2 0 1 0\n6 0 5 3 4 0\n", "do not show it"},
      {"hints in another order", "5 2 0 1 2 0\n6 0 3 4 5 0\n", "more than one literal left"},
      {"a hint that changes nothing", "5 2 0 1 1 2 0\n6 0 5 3 4 0\n", "more than one literal left"},
      {"a hint behind the contradiction", "5 2 0 1 2 3 0\n6 0 5 3 4 0\n", "not needed"},
      {"a hint to itself", "5 2 0 5 0\n6 0 5 3 4 0\n", "names no clause"},
      {"a hint to a later one", "5 2 0 1 6 0\n6 0 5 3 4 0\n", "names no clause"},
      {"a hint to none", "5 2 0 1 77 0\n6 0 5 3 4 0\n", "names no clause"},
      {"a RAT step", "5 2 0 -1 2 0\n6 0 5 3 4 0\n", "RAT"},
      {"the number of a given clause", "4 2 0 1 2 0\n6 0 4 3 4 0\n", "not above"},
      {"a number twice", "5 2 0 1 2 0\n5 0 5 3 4 0\n", "not above"},
      {"a number below 0", "-5 2 0 1 2 0\n6 0 5 3 4 0\n", "not above"},
      {"a needed clause deleted", "5 2 0 1 2 0\n5 d 3 0\n6 0 5 3 4 0\n", "names no clause"},
      {"a shown clause deleted", "5 2 0 1 2 0\n5 d 5 0\n6 0 5 3 4 0\n", "names no clause"},
      {"a clause deleted twice", "5 2 0 1 2 0\n5 d 1 1 0\n6 0 5 3 4 0\n", "is no clause"},
      {"a clause deleted that is none", "5 d 9 0\n6 2 0 1 2 0\n", "is no clause"},
      {"a clause deleted by 0 and less", "5 d -1 0\n6 2 0 1 2 0\n", "is no clause"},
      {"a variable that no clause has", "5 3 0 1 2 0\n6 0 5 3 4 0\n", "over the variables"},
      {"a literal beyond all numbers", "5 -9223372036854775808 0 1 2 0\n", "over the variables"},
      {"a literal with its negation", "5 2 -2 0 1 2 0\n6 0 5 3 4 0\n", "its negation"},
      {"lines behind the contradiction", "5 2 0 1 2 0\n6 0 5 3 4 0\n7 1 0 0\n", "goes on"},
      {"an empty line", "5 2 0 1 2 0\n\n6 0 5 3 4 0\n", "begin with a number"},
      {"words", "5 2 0 one 2 0\n", "no clause with its hints"},
      {"no 0 behind the hints", "5 2 0 1 2\n6 0 5 3 4 0\n", "no clause with its hints"},
      {"no hints", "5 2 0\n", "no clause with its hints"},
      {"three lists", "5 2 0 1 2 0 0\n", "no clause with its hints"},
      {"DRAT", "2 0\n0\n", "not above"},
  };
  for (const Tampered& one : cases) {
    const auto why = objection(kSquare, one.proof);
    ASSERT_TRUE(why) << one.what;
    EXPECT_NE(why->find(one.why), std::string::npos) << one.what << ": " << *why;
  }
}

TEST(Elaborate, NamesTheReasonsOfEachLine) {
  const auto made = sat::elaborate(kSquare, "2 0\n0\n");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(*made, "5 2 0 1 2 0\n5 d 1 2 0\n6 0 5 3 4 0\n");
}

TEST(Elaborate, LeavesOutWhatIsNotNeeded) {
  // The clauses 9 and 10 and what follows from them have nothing to do with the contradiction.
  const std::vector<Clause> clauses{{1, 2, 3},   {1, 2, -3},  {1, -2, 3},   {1, -2, -3}, {-1, 2, 3},
                                    {-1, 2, -3}, {-1, -2, 3}, {-1, -2, -3}, {4, 5, 1},   {-4, 5, 1}};
  const auto made = sat::elaborate(clauses, "5 1 0\n1 2 0\nd 1 2 3 0\nd 1 2 -3 0\n1 0\n-1 2 0\n0\n");
  ASSERT_TRUE(made.ok()) << made.error();
  EXPECT_EQ(objection(clauses, *made), std::nullopt) << *made;
  EXPECT_EQ(made->find(" 9 "), std::string::npos) << *made;
  EXPECT_EQ(made->find(" 10 "), std::string::npos) << *made;
  EXPECT_NE(made->find(" d "), std::string::npos) << *made;
}

TEST(Elaborate, FailsWhereLinesDoNotFollow) {
  EXPECT_FALSE(sat::elaborate({{{1, 2}, {-1, 2}, {1, -2}}}, "2 0\n0\n").ok());
  EXPECT_FALSE(sat::elaborate({{{1, 2}, {-1, 2}, {1, -2}}}, "-1 0\n0\n").ok());
  EXPECT_FALSE(sat::elaborate(kSquare, "").ok());
  EXPECT_FALSE(sat::elaborate(kSquare, "0\n").ok());
  for (const char* text : {"2\n0\n", "3 0\n0\n", "x 0\n", "2 0 0\n", "99999999999 0\n", "-2147483648 0\n", "2 0 1\n"}) {
    EXPECT_FALSE(sat::elaborate(kSquare, text).ok()) << text;
  }
}

/// Random clauses of three literals, where about half of the formulas can be satisfied.
std::vector<Clause> random_clauses(std::mt19937& random, int fewest) {
  const int variables = fewest + static_cast<int>(random() % 5);
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

TEST(Lrat, AcceptsTheSolversProofsAndNoneOfWhatCanBeSatisfied) {
  std::mt19937 random(7);
  int refuted = 0, kept = 0;
  std::vector<std::string> proofs;
  for (int i = 0; i < 400; ++i) {
    const auto clauses = random_clauses(random, 6);
    const auto proof = sat::refute(clauses);
    ASSERT_EQ(proof.has_value(), !satisfiable(clauses));
    if (proof) {
      ASSERT_EQ(objection(clauses, *proof), std::nullopt) << *proof;
      proofs.push_back(*proof);
      ++refuted;
      continue;
    }
    ++kept;
    for (const std::string& other : proofs) ASSERT_NE(objection(clauses, other), std::nullopt);
  }
  EXPECT_GT(refuted, 50);
  EXPECT_GT(kept, 50);
}

TEST(Lrat, AcceptsLongProofsWithDeletions) {
  std::mt19937 random(11);
  int long_ones = 0;
  for (int i = 0; i < 24; ++i) {
    const auto clauses = random_clauses(random, 70);
    const auto proof = sat::refute(clauses);
    if (!proof) continue;
    ASSERT_EQ(objection(clauses, *proof), std::nullopt) << *proof;
    if (std::count(proof->begin(), proof->end(), '\n') > 100 && proof->find(" d ") != std::string::npos) ++long_ones;
  }
  EXPECT_GT(long_ones, 5);
}

std::vector<std::string> fields(const std::string& line) {
  std::istringstream words(line);
  std::vector<std::string> found;
  for (std::string word; words >> word;) found.push_back(word);
  return found;
}

/// A formula that can be satisfied has no proof: neither that of the formula with one clause more, nor that proof with
/// any one of its numbers changed.
TEST(Lrat, RefusesTheProofWhereTheFormulaCanBeSatisfied) {
  std::mt19937 random(3);
  int tried = 0;
  while (tried < 30) {
    auto clauses = random_clauses(random, 6);
    const auto proof = sat::refute(clauses);
    if (!proof) continue;
    const std::size_t out = random() % clauses.size();
    clauses[out] = {1, -1};
    if (!satisfiable(clauses)) continue;
    ++tried;
    EXPECT_NE(objection(clauses, *proof), std::nullopt);
    // Each field in turn becomes another number near it; none of these proofs may be taken.
    std::istringstream lines(*proof);
    std::string before;
    for (std::string line; std::getline(lines, line);) {
      const auto words = fields(line);
      const std::string after = proof->substr(before.size() + line.size() + 1);
      for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "d") continue;
        std::string changed;
        for (std::size_t k = 0; k < words.size(); ++k) {
          const bool here = k == i;
          const long value = here ? std::stol(words[k]) + static_cast<long>(random() % 7) - 3 : 0;
          changed += (k > 0 ? " " : "") + (here ? std::to_string(value) : words[k]);
        }
        ASSERT_NE(objection(clauses, before + changed + "\n" + after), std::nullopt) << changed;
      }
      before += line + "\n";
    }
  }
}

}  // namespace
}  // namespace bulkhead::test
