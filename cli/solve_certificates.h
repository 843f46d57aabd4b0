// Evidence of `solve` as a folder, and `certify` of it.
#pragma once

#include <string>

#include "cli/options.h"

namespace bulkhead::cli {

/// A file with a problem of another tool's format, and its bytes.
struct ProblemFile {
  const std::string& name;
  const std::string& bytes;
};

/// Writes `evidence.smt2` into the folder (made if missing), and what other solvers and checkers read: the conditions
/// as scripts, as clauses, and with their refutations. They are made from the file and the text, as `certify` makes
/// them. Returns kHolds, or complains and returns kBadInput.
int write_solve_certificates(const std::string& folder, const ProblemFile& file, const std::string& evidence);

/// One file whose name is that of a problem: `.smt2`, `.btor2`, `.btor`.
bool is_problem(const PolicyInput& input);
int run_certify_problem(const CertifyOptions& options);

}  // namespace bulkhead::cli
