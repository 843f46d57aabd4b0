// A plan as instructions: architecture first, then a binary search over the numbers, then tests of the arguments.
#pragma once

#include "lang/base/result.h"
#include "runtime-bridge/emit/error.h"
#include "runtime-bridge/emit/seccomp/plan.h"

namespace bulkhead::emit::seccomp {

/// The filter of `plan`. Another architecture, and on x86-64 the numbers of x32, kill the process.
///
/// Fails where the filter would have more than 4096 instructions, or a condition nests deeper than 256.
/// Cost: at run time 2 + log2(numbers whose answers differ) instructions before the first argument is looked at.
Result<bpf::Program, EmitError> generate(const Plan& plan);

}  // namespace bulkhead::emit::seccomp
