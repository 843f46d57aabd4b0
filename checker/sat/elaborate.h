// From a refutation that a solver wrote down to one that names its reasons: DRAT to LRAT. Not trusted: checker/lrat
// judges what comes out.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "checker/sat/sat.h"
#include "lang/base/result.h"

namespace bulkhead::sat {

/// Watches visited by one elaboration; more is a failure.
inline constexpr std::uint64_t kMaxElaboration = std::uint64_t{1} << 34;

/// The refutation with the numbers of the clauses that each of its clauses follows from, without what it does not need,
/// and with the deletion of each clause behind the last one that needs it.
///
/// `drat`: a clause in each line, ended by 0, which follows by unit propagation; `d` before one that is deleted.
/// Clauses are looked at from the last one back, only those that a later one needs; clauses that are needed already are
/// propagated first, so that few are. Lines that need more than propagation (RAT) fail: CaDiCaL 1.5 writes none.
///
/// Ensures: deterministic. Errors: no refutation, or the work is spent, or it was stopped.
/// See: [Wetzler14], [CruzFilipe17].
Result<std::string, std::string> elaborate(std::span<const Clause> clauses, std::string_view drat,
                                           std::stop_token stop = {});

}  // namespace bulkhead::sat
