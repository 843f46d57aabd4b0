// How the conditions of a theorem are shown without the second solver, where instances suffice. Internal to
// checker/query.
#pragma once

#include <string>
#include <vector>

#include "checker/obligation/obligation.h"
#include "checker/verdict/verdict.h"
#include "lang/ir/world.h"

namespace bulkhead::query {

/// For each condition of the evidence the hints of checker/instances; "" where none were found. Nothing for verdicts
/// that have no conditions. certificate::check() judges them.
std::vector<std::string> hints_of(const ir::World& world, const obligation::Obligation& obligation,
                                  const verdict::Verdict& verdict);

}  // namespace bulkhead::query
