// A verification condition as SMT-LIB 2, printed plainly: the text that the second solver is asked about. Trusted.
#pragma once

#include <string>

#include "checker/conditions/conditions.h"

namespace bulkhead::certificate {

/// A script that answers `unsat` iff the condition is valid. Sorts are uninterpreted, enumerations are datatypes of
/// constants, words are bit-vectors; a term that is used often is defined once, with its free variables as parameters.
std::string to_smtlib(const conditions::Terms& terms, const conditions::Condition& condition);

}  // namespace bulkhead::certificate
