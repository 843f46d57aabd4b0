// What a Horn solver says of a window, as lemmas of the system.
#pragma once

#include <string_view>
#include <vector>

#include "checker/cells/window.h"
#include "lang/system/formula.h"

namespace bulkhead::cells {

/// The conjuncts of the relation, each for all elements: "inferred_1", "inferred_2" and so on. Those that order what
/// has no order, or say what is not read, are left out. From anywhere: guesses.
///
/// Ensures: formulas of the system that `terms` began with.
std::vector<system::NamedFormula> lemmas(const conditions::Terms& terms, const Window& window, std::string_view answer);

}  // namespace bulkhead::cells
