// Spacer, Z3's solver for constrained Horn clauses. It has no limits of its own that hold: ask it in a child process.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bulkhead::solver {

/// "sat" and an interpretation of the relations as `define-fun`s, "unsat", "unknown", or `(error "...")`. The settings
/// are names and values of Z3's parameters, and hold for the whole process. With "proof" "true", "unsat" is followed by
/// the steps of the refutation, at most kMaxSpacerSteps: `(CONCLUSION PREMISE ...)`, premises first.
///
/// Cost: any time and memory.
inline constexpr std::size_t kMaxSpacerSteps = 4096;
std::string answer_horn(const std::string& clauses, const std::vector<std::pair<std::string, std::string>>& settings);

}  // namespace bulkhead::solver
