// A query as SMT-LIB 2, printed plainly: the text that the second solver is asked about. Trusted.
#pragma once

#include <string>
#include <vector>

#include "checker/certificate/cover.h"
#include "checker/obligation/formula.h"
#include "lang/ir/world.h"

namespace bulkhead::certificate {

/// A script that answers `unsat` iff no object and no contexts make the query true. `members`: the memberships that
/// occur, of queries in the file and the system call plane; everything else is said by the script itself.
std::string to_smtlib(const ir::World& world, const obligation::Query& query, const Memberships& members);

}  // namespace bulkhead::certificate
