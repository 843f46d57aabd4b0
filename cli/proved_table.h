// A policy's enforcement table, made only after every claim was proved and certified, and only if its bytes decode to
// the policy.
#pragma once

#include <string>

#include "checker/query/proved_policy.h"
#include "cli/launch_plan.h"
#include "cli/policy.h"
#include "lang/base/result.h"
#include "runtime-bridge/decode/comparison.h"
#include "runtime-bridge/emit/table/table.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::cli {

enum class Cache { Use, Ignore };

/// Proves every claim, the default ones included, and has the evidence of each accepted. Errors: lines for a person.
Result<query::ProvedPolicy, std::string> prove_policy(const Policy& policy, Cache cache);

/// "\n  agent.bh:12  may read Data", or "" for no sentence: appended to an error.
std::string at_sentence(const Policy& policy, ir::SentenceId id);

/// What `comparison` found, as lines for a person, `artifact` being its name.
std::string differences(const std::string& artifact, const decode::Comparison& comparison);

struct ProvedTableRequest {
  ir::SubjectId container;
  const LaunchPlan* plan = nullptr;  // the program whose closure the table shows; null: a table without closure
  Cache cache = Cache::Use;
};

/// What a table holds beside the policy: digests, machine, closure.
emit::TableInputs table_inputs(const Policy& policy, const query::ProvedPolicy& proved,
                               const ProvedTableRequest& request);

/// Errors: one or more lines for a person: the claim that does not hold, the sentence that cannot be enforced, the
/// closure path that the policy forbids, the difference between bytes and policy.
Result<table::Table, std::string> proved_table(const Policy& policy, const ProvedTableRequest& request);

}  // namespace bulkhead::cli
