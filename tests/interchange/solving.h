// Problems decided as `solve` does, with the evidence written down, read and judged once more.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "checker/safety/decide_problem.h"
#include "tests/interchange/certified.h"

namespace bulkhead::test {

/// Spacer in a child of the program that was built, and time enough for a loaded machine.
inline safety::Options patient() {
  safety::Options options;
  options.time = std::chrono::seconds(120);
  options.program = std::string(BULKHEAD_BINARY_DIR) + "/cli/bulkhead";
  return options;
}

/// Who found an answer, and what shows it.
struct Solved {
  std::string engine, evidence;
};

/// Whether the clauses are satisfiable; none: nobody knows, and why.
inline std::optional<bool> satisfiable(const std::string& text, std::string& why,
                                       const safety::Options& options = patient(), Solved* solved = nullptr) {
  auto problem = safety::read_problem(safety::Format::Horn, text);
  EXPECT_TRUE(problem.ok()) << problem.error() << "\n" << text;
  if (!problem) return std::nullopt;
  const safety::ProblemDecision decision = safety::decide(problem.value(), options);
  if (const auto* unknown = std::get_if<safety::Unknown>(&decision.answer)) {
    why = unknown->reason;
    return std::nullopt;
  }
  const std::string evidence = safety::write_evidence(*problem, std::get<safety::Shown>(decision.answer).evidence);
  bool safe = false;
  EXPECT_EQ(rejected(safety::Format::Horn, text, evidence, &safe), "") << text << evidence;
  if (solved != nullptr) *solved = {decision.engine, evidence};
  return safe;
}

}  // namespace bulkhead::test
