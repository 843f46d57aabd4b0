// bulkhead query: questions about a policy that are no claims.
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/query_selinux.h"
#include "cli/selinux_policy.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

int run_query(const QueryOptions& options) {
  const std::string& file = options.input.files.front();
  if (is_selinux_policy(file)) return run_query_selinux(options);
  return complain("`" + file + "` is no SELinux policy (policy.conf, or compiled), which is what can be asked",
                  kBadInput);
}

}  // namespace bulkhead::cli
