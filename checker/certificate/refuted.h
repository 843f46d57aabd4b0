// The propositional part of evidence about one scope: what it is evidence of, and, for other checkers, clauses with the
// proofs that refute them. scope_question() is trusted.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/finite/evidence.h"
#include "checker/obligation/obligation.h"
#include "checker/verdict/verdict.h"
#include "lang/base/result.h"
#include "lang/ir/world.h"

namespace bulkhead::certificate {

/// Evidence about one scope as a question to checker/finite. `monitored` has the system where it is not the world's.
struct ScopeQuestion {
  std::shared_ptr<const system::System> monitored;
  const system::System* system = nullptr;
  system::Scope scope;
  finite::Claim claim;
  finite::Evidence evidence;
  std::optional<std::size_t> steps;
};
/// Or why it is none. Requires: the theorem is one of the system, which outlives this.
Result<ScopeQuestion, std::string> scope_question(const system::System& system, const system::Theorem& theorem,
                                                  const verdict::ScopeEvidence& evidence);

/// A condition of checker/finite/evidence.h, whose clauses the proof refutes.
struct Refuted {
  finite::Condition condition;
  std::string proof;  // LRAT
};
/// Those of a verdict that holds by evidence about one scope, made again from the system; else none.
std::vector<Refuted> refuted(const ir::World& world, ir::ClaimId claim, const obligation::Instance& instance,
                             const verdict::Verdict& verdict);

/// The clauses in the DIMACS format, numbered as the proof numbers them; the label is a comment.
std::string dimacs(const Refuted& one);

}  // namespace bulkhead::certificate
