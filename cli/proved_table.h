// A policy's enforcement table, made only after every claim was proved and certified, and only if its bytes decode to the policy.
#pragma once

#include <string>

#include "cli/launch_plan.h"
#include "cli/policy.h"
#include "lang/base/result.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::cli {

struct ProvedTableRequest {
  ir::SubjectId container;
  const LaunchPlan* plan = nullptr;  // the program whose closure the table shows; none: a table without closure
  bool use_cache = true;
};

/// Errors: one or more lines for a person: the claim that does not hold, the sentence that cannot be enforced, the closure
/// path that the policy forbids, the difference between bytes and policy.
Result<table::Table, std::string> proved_table(const Policy& policy, const ProvedTableRequest& request);

}  // namespace bulkhead::cli
