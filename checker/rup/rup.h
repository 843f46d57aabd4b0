// Checks refutations of clauses by reverse unit propagation. Trusted, and small: whoever believes it need not believe a
// solver.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::rup {

/// A variable from 1 on, or its negation; a clause is true where one of its literals is.
using Literal = std::int32_t;
using Clause = std::vector<Literal>;

/// Watches visited by one check; more is an objection.
inline constexpr std::uint64_t kMaxWork = std::uint64_t{1} << 34;

/// What is wrong with a proof that no assignment makes all clauses true; nothing: none does.
///
/// The proof is text in the DRAT format: a clause in each line, ended by 0. Each must follow from what stands before by
/// unit propagation: when all its literals are false, some clause is. The last one that is needed is the empty clause.
/// Lines of deletions (`d`) are read over: keeping a clause that follows makes nothing wrong. Proofs that need more
/// than that (RAT) are refused, and so are variables that no clause has.
///
/// Requires: no literal of `clauses` is 0. Cost: at most kMaxWork.
std::optional<std::string> objection(std::span<const Clause> clauses, std::string_view proof);

}  // namespace bulkhead::rup
