// A query as SMT-LIB 2, printed plainly: the text that the second solver is asked about. Trusted.
#pragma once

#include <string>
#include <vector>

#include "checker/certificate/cover.h"
#include "checker/obligation/formula.h"
#include "checker/verdict/verdict.h"
#include "lang/ir/world.h"

namespace bulkhead::certificate {

/// A script that answers `unsat` iff no object and no contexts make the query true. `members`: the memberships that
/// occur, of queries in the file and the system call plane; everything else is said by the script itself.
///
/// Of a query with equations it answers `unsat` iff `closed` is closed under them, and no object and no contexts make
/// the query true when all variables that `closed` lists for the object are. Then nothing makes it true: the least
/// solution is in every closed set, and no variable stands under a negation.
///
/// Requires: `closed` fits the query (closed.h).
std::string to_smtlib(const ir::World& world, const obligation::Query& query, const Memberships& members,
                      const std::vector<verdict::ClosedClass>& closed = {});

}  // namespace bulkhead::certificate
