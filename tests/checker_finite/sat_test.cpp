#include "checker/sat/sat.h"
#include "lang/base/watch.h"

#include <gtest/gtest.h>

namespace bulkhead::test {
namespace {

using sat::Answer;
using sat::Clause;

TEST(Sat, AnswersUnderAssumptionsAndNamesTheReason) {
  sat::Solver solver;
  solver.add({1, 2});
  solver.add({-1, 3});
  const Clause both_false{-1, -2, 4};
  EXPECT_EQ(solver.solve(both_false), Answer::Unsatisfiable);
  EXPECT_TRUE(solver.failed(-1));
  EXPECT_TRUE(solver.failed(-2));
  EXPECT_FALSE(solver.failed(4));
  const Clause first{1};
  EXPECT_EQ(solver.solve(first), Answer::Satisfiable);
  EXPECT_TRUE(solver.value(3));
  EXPECT_FALSE(solver.value(-3));
}

TEST(Sat, ForgetsTheClauseOfOneCall) {
  sat::Solver solver;
  solver.add({1, 2});
  const Clause neither{-1, -2};
  EXPECT_EQ(solver.solve({}, Clause{-1}), Answer::Satisfiable);
  EXPECT_TRUE(solver.value(2));
  EXPECT_EQ(solver.solve(Clause{1, 2}, neither), Answer::Unsatisfiable);
  EXPECT_EQ(solver.solve(Clause{1, 2}), Answer::Satisfiable);
}

/// As many pigeons as holes and one more.
std::vector<Clause> pigeons(int holes) {
  std::vector<Clause> clauses;
  const auto in = [&](int pigeon, int hole) { return pigeon * holes + hole + 1; };
  for (int pigeon = 0; pigeon <= holes; ++pigeon) {
    Clause somewhere;
    for (int hole = 0; hole < holes; ++hole) somewhere.push_back(in(pigeon, hole));
    clauses.push_back(somewhere);
  }
  for (int hole = 0; hole < holes; ++hole) {
    for (int a = 0; a <= holes; ++a) {
      for (int b = a + 1; b <= holes; ++b) clauses.push_back({-in(a, hole), -in(b, hole)});
    }
  }
  return clauses;
}

TEST(Sat, SaysUnknownAtItsLimitOfConflicts) {
  sat::Solver solver;
  for (const Clause& clause : pigeons(9)) solver.add(clause);
  EXPECT_EQ(solver.solve({}, {}, 10), Answer::Unknown);
}

TEST(Sat, RefutesWithAProofOrNotAtAll) {
  const auto proof = sat::refute(pigeons(4));
  ASSERT_TRUE(proof);
  const std::size_t last = proof->rfind('\n', proof->size() - 2);
  const std::string line = proof->substr(last + 1);
  EXPECT_EQ(line.substr(line.find(' '), 3), " 0 ") << "the empty clause: " << line;
  EXPECT_FALSE(sat::refute(std::vector<Clause>{{1, 2}, {-1}}));
  EXPECT_FALSE(sat::refute(pigeons(9), 10));
}

TEST(Sat, AQuestionThatMeetsTheMemoryBoundIsOpen) {
  sat::Solver solver;
  for (const Clause& clause : pigeons(12)) solver.add(clause);
  limit_resident_memory(1);  // less than the process has already
  EXPECT_EQ(solver.solve({}), Answer::Unknown);
  EXPECT_STREQ(solver.why_unknown(), "the limit of memory is reached");
  limit_resident_memory(0);
  EXPECT_EQ(sat::Solver().solve({}), Answer::Satisfiable);
}

}  // namespace
}  // namespace bulkhead::test
