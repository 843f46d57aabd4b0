// Checks refutations of clauses in the LRAT format. Trusted, and small: whoever believes it need not believe a solver.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::lrat {

/// A variable from 1 on, or its negation; a clause is true where one of its literals is.
using Literal = std::int32_t;
using Clause = std::vector<Literal>;

/// Literals read by one check; more is an objection.
inline constexpr std::uint64_t kMaxWork = std::uint64_t{1} << 34;

/// What is wrong with a proof that no assignment makes all clauses true; nothing: none does.
///
/// The clauses are numbered from 1 in their order. Each line of the proof is
///
///   NUMBER LITERAL... 0 HINT... 0    a clause that follows, under a number above all before it
///   NUMBER d HINT... 0               the clauses with these numbers are not needed any more
///
/// A clause follows when all its literals are taken for false: then each hint, a number, names a clause that has one
/// literal left, which becomes true, and the last one names a clause that has none. The last line is the empty clause.
/// Nothing is searched for, and nothing is read over: a hint that brings nothing, a line behind the empty clause, a
/// number that names nothing are objections. So are RAT steps (hints below 0), and variables that no clause has.
///
/// Requires: no literal of `clauses` is 0. Cost: linear in the literals of the clauses that are named; at most
/// kMaxWork. See: [CruzFilipe17].
std::optional<std::string> objection(std::span<const Clause> clauses, std::string_view proof);

}  // namespace bulkhead::lrat
