// Transition systems in VMT: SMT-LIB 2 whose definitions are annotated with `:next`, `:init`, `:trans`,
// `:invar-property`.
#pragma once

#include <string>

#include "checker/machine/machine.h"
#include "lang/system/system.h"

namespace bulkhead::interchange {

/// A machine; what must hold are the properties 0, 1, ..., in the order of Machine::bad. Inputs are variables without
/// `:next`.
/// See: [Cimatti22].
std::string to_vmt(const machine::Machine& machine);

/// A system whose sorts have any size: sorts are declared, functions of the state are functions, each with its copy
/// after the step (`:next` stands on an application to variables, as first-order readers of VMT have it). Steps include
/// those that change nothing.
///
/// Requires: is_valid(system), the formula is closed. `always`: it holds in every reachable state; else in none.
std::string to_vmt(const system::System& system, system::TermId formula, bool always);

}  // namespace bulkhead::interchange
