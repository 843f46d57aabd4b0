// What the equations of a query were closed to, checked for each kind of object by evaluating each equation once.
// Trusted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/certificate/cover.h"
#include "checker/verdict/verdict.h"

namespace bulkhead::certificate {

/// Why `closed` is no evidence about the query: it does not fit; or an equation that the memberships of some object
/// make true has a variable that is not listed for it; or the query itself is true for it. `members`: the memberships
/// that occur.
///
/// Where contexts decide, nothing is found here: the second solver is asked about all of it (smtlib.h).
/// Cost: the size of the formula for each of `members`.
std::optional<std::string> closed_objection(const obligation::Query& query, const Memberships& members,
                                            const std::vector<verdict::ClosedClass>& closed);

}  // namespace bulkhead::certificate
