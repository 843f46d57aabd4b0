// The queries that a verdict's evidence is about, each beside its evidence, in one order for checking and for sealing.
#pragma once

#include <string>
#include <vector>

#include "checker/verdict/verdict.h"
#include "lang/base/result.h"

namespace bulkhead::certificate {

struct Question {
  obligation::Query query;
  const verdict::QueryEvidence* evidence = nullptr;
};

/// The queries that have to be unsatisfiable for the verdict, with the evidence for each; or what does not fit: a
/// missing or superfluous piece, a closed set that has a target, lacks a source or is left by an edge without a
/// condition.
Result<std::vector<Question>, std::string> questions(const ir::World& world, const obligation::Obligation& obligation,
                                                     const verdict::Verdict& verdict);

}  // namespace bulkhead::certificate
