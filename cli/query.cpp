// bulkhead query: questions about a policy that are no claims.
#include "cli/commands.h"
#include "cli/query_policy.h"
#include "cli/query_selinux.h"
#include "cli/selinux_policy.h"

namespace bulkhead::cli {

int run_query(const QueryOptions& options) {
  if (is_selinux_policy(options.input.files.front())) return run_query_selinux(options);
  return run_query_policy(options);
}

}  // namespace bulkhead::cli
