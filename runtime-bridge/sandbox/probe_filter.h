// The filter tried, where its installed bytes may not be read: a sacrificial process with the same filter makes every
// call.
#pragma once

#include "runtime-bridge/sandbox/plan.h"

namespace bulkhead::sandbox {

/// Installs the plan's filter on a process of its own, has it make each system call that the filter hands over or
/// refuses, and compares what the kernel does with what the simulation says.
///
/// Ensures: ok => every call of the native architecture up to the highest known number was answered as the bytes say;
///          calls that the bytes allow or kill for are not made.
Result<Unit, Refusal> probe_filter(const Plan& plan);

}  // namespace bulkhead::sandbox
