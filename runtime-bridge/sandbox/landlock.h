// The Landlock domain of the program, and the sentinels that show that it holds: Landlock itself cannot be read back.
#pragma once

#include <string>

#include "runtime-bridge/sandbox/plan.h"
#include "runtime-bridge/sandbox/rendezvous.h"

namespace bulkhead::sandbox {

/// Plans the rule set and the sentinels. Fails where this kernel's Landlock lacks a right that the table handles,
/// unless the table names the degradation `landlock:abi`; then the missing rights are left out and `degraded` says so.
Result<LandlockPlan, Refusal> plan_landlock(const table::Table& table, std::vector<std::string>& degraded);

/// Restricts the calling process. Between clone and exec; requires no_new_privs and the own root in place.
void restrict_by_landlock(const Plan& plan, Rendezvous& page);

/// Tries each sentinel. Between clone and exec, after restrict_by_landlock.
void try_sentinels(const Plan& plan, Rendezvous& page);

}  // namespace bulkhead::sandbox
