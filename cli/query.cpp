// bulkhead query: questions about a policy that are no claims.
#include "cli/commands.h"
#include "cli/query_policy.h"

namespace bulkhead::cli {

int run_query(const QueryOptions& options) {
  return run_query_policy(options);
}

}  // namespace bulkhead::cli
