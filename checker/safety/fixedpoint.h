// Horn clauses in the commands of Z3's fixedpoint engine (`declare-rel`, `declare-var`, `rule`, `query`) as assertions.
#pragma once

#include <string>

#include "checker/interchange/sexpr.h"

namespace bulkhead::safety {

/// The same clauses as `declare-fun` and `assert`, each command in the line where it stood; a text without such
/// commands as it is. A rule is about all values of the declared variables that it names; what is queried is denied.
///
/// Fails with the place of a command that is none of these forms. From anywhere; cost: linear, bounded by the text's.
Result<std::string, interchange::TextError> as_assertions(std::string text);

}  // namespace bulkhead::safety
