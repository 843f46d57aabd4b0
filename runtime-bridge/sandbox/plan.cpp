#include "runtime-bridge/sandbox/plan.h"

#include <algorithm>

#include "runtime-bridge/sandbox/environment.h"
#include "runtime-bridge/sandbox/filter.h"
#include "runtime-bridge/sandbox/limits.h"
#include "runtime-bridge/sandbox/process_file.h"
#include "runtime-bridge/sandbox/root_plan.h"

namespace bulkhead::sandbox {

namespace {

constexpr const char* kNamespaceNames[] = {"pid", "mount", "net", "ipc", "user", "uts", "cgroup"};
constexpr std::uint64_t kMaxCallerBytes = std::uint64_t{64} << 20;

Result<Unit, Refusal> check_namespaces(const table::Table& table, Plan& plan) {
  for (std::size_t i = 0; i < table.namespaces.size(); ++i) {
    const bool shared = table.namespaces[i] == table::NamespaceMode::Host;
    // Without its own pid, mount, net or user namespace nothing below would hold; connects are mediated, not routed.
    const bool needed = i != 3 && i != 5 && i != 6;
    if (shared && needed) {
      return fail(Refusal{Step::CheckTable, EOPNOTSUPP, std::string("namespace ") + kNamespaceNames[i],
                          "make this namespace private: this level enforces nothing without it"});
    }
    plan.shared_namespaces[i] = shared;
  }
  return Unit{};
}

void point_at(std::vector<std::string>& texts, std::vector<char*>& pointers) {
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
}

void remember_caller(Plan& plan) {
  const std::string stat = read_process_file("/proc/self/stat");
  const std::uint64_t begin = stat_field(stat, 48), end = stat_field(stat, 51);  // arg_start, env_end
  if (begin != 0 && begin < end && end - begin < kMaxCallerBytes) {
    plan.caller_begin = begin;
    plan.caller_end = end;
  }
}

}  // namespace

Result<Plan, Refusal> make_plan(const table::Table& table, const RunOptions& options) {
  Plan plan;
  plan.fault = options.fault;
  if (options.command.empty() || options.command[0].empty()) {
    return fail(Refusal{Step::FindProgram, ENOENT, "", "give a command after `--`"});
  }
  Result<Unit, Refusal> done = check_namespaces(table, plan);
  if (done.ok()) done = plan_root(table, options, plan);
  if (!done.ok()) return fail(done.error());
  Result<std::vector<sock_filter>, Refusal> filter = load_filter(table);
  if (!filter.ok()) return fail(filter.error());
  plan.filter = std::move(filter).value();

  plan.inner_user = table.user;
  plan.inner_group = table.group;
  plan.kept_capabilities = table.kernel_capabilities;
  plan.deny_write_execute = table.level != table::Level::Standard;
  plan.exec_gain_by_filter = table.exec_gain_by_filter;
  plan.terminal = options.input == Input::Terminal;
  plan.resource_limits = plan_resource_limits(table.limits);
  plan.working_folder = options.working_folder;
  plan.arguments = options.command;
  plan.candidates = program_candidates(options.command[0], options.working_folder);
  plan.environment = make_environment(table.environment);
  remember_caller(plan);
  point_at(plan.arguments, plan.argv);
  point_at(plan.environment, plan.envp);
  return plan;
}

}  // namespace bulkhead::sandbox
