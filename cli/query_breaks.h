// `bulkhead query POLICY "what breaks if I add SENTENCE"`.
#pragma once

#include "checker/query/question.h"
#include "cli/query_policy.h"
#include "lang/ir/world.h"

namespace bulkhead::cli {

/// Proves the claims with and without the sentence, and tells which were satisfied and are not any more. The status.
int what_breaks(const QueryOptions& options, const ir::World& world, const query::WhatBreaks& question);

}  // namespace bulkhead::cli
