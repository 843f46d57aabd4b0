// What can be told of a claim about a model at little cost: coverage asks it of hundreds of changed models.
#pragma once

#include <span>

#include "checker/conditions/conditions.h"
#include "lang/system/state.h"
#include "lang/system/theorem.h"

namespace bulkhead::engine {

/// Whether every condition is valid, as far as few steps of the solver tell; false where it is not known.
/// Deterministic.
bool are_valid(const conditions::Terms& terms, std::span<const conditions::Condition> conditions);

/// Whether a run of one of these scopes violates the theorem, as far as little work tells; false where none was found.
/// Scopes that the system or the bounds of the theorem do not allow are left out. Deterministic.
bool is_violated_in(const system::System& system, const system::Theorem& theorem,
                    std::span<const system::Scope> scopes);

}  // namespace bulkhead::engine
