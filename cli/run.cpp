// bulkhead run POLICY::Container -- COMMAND
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/launch.h"

namespace bulkhead::cli {

int run_run(const RunOptions& options) {
  const std::size_t colons = options.target.rfind("::");
  Launch request;
  request.input = options.input;
  request.options = options.launch;
  request.input.files = {options.target.substr(0, colons)};
  if (colons != std::string::npos) request.container = options.target.substr(colons + 2);
  if (request.input.files[0].empty()) {
    return refuse("`" + options.target + "` names no policy; it is written POLICY::Container", options.launch);
  }
  Result<LaunchPlan> plan = plan_launch(options.launch.command, "", FirstWord::ProgramOrScript);
  if (!plan.ok()) return refuse_plan(plan.error(), options.launch);
  request.plan = std::move(*plan);
  return launch(std::move(request));
}

}  // namespace bulkhead::cli
