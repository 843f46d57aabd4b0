// Which memberships in the pattern sets of a formula occur at all, checked from the words of an atom table. Trusted.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "checker/verdict/verdict.h"
#include "lang/base/result.h"

namespace bulkhead::certificate {

/// For one object: which pattern sets it lies in, by PatternId.
using Membership = std::vector<bool>;
using Memberships = std::vector<Membership>;

/// The memberships of all objects of the file plane that could make the formula true, up to monotonicity (see
/// verdict::VolumeCover); or why the table does not show that there are no others.
///
/// Requires: the query is in the file plane and asks about no single object.
/// Cost:     bounded by kMaxCoverWork comparisons, then it gives up.
Result<Memberships, std::string> memberships(const ir::World& world, const obligation::Query& query,
                                             const verdict::AtomTable& atoms);

/// The memberships of all system calls, the unknown one included: counted out, no table is needed.
///
/// Requires: the query is in the system call plane.
Memberships syscall_memberships(const ir::World& world, const obligation::Query& query);

inline constexpr std::size_t kMaxCoverWork = 50'000'000;

}  // namespace bulkhead::certificate
