// The questions behind the verdict on a claim, as SMT-LIB 2 scripts with the answers that they should have.
#pragma once

#include <string>
#include <vector>

#include "checker/query/proof.h"
#include "lang/ir/world.h"

namespace bulkhead::cli {

struct Script {
  std::string label;
  std::string status;  // "sat", "unsat", "unknown"
  std::string text;    // up to `(check-sat)`
};

/// For a claim that holds, what makes it hold: each is unsatisfiable (`can`: satisfiable). For one that is violated the
/// question whose answer shows it. For a theorem that nobody knows the truth of, the conditions of all that its model
/// says.
///
/// Requires: the case is one of the claim, and its verdict has been sealed.
std::vector<Script> obligation_scripts(const ir::World& world, ir::ClaimId claim, const query::CaseResult& item);

}  // namespace bulkhead::cli
