// bulkhead diff: what access and influence a new policy adds and removes; the gate for a change.
#include "checker/query/difference.h"
#include "checker/query/flow_difference.h"
#include "checker/query/settings.h"
#include "checker/report/report.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/policy.h"
#include "cli/terminal.h"

namespace bulkhead::cli {
namespace {

/// Who influences whom rests on the flow map, whether the policy has a claim that imports it or not.
std::variant<Policy, Unreadable> load_with_flow(const std::string& file, const DiffOptions& options) {
  return load_policy({{file}, options.models, {}}, {{"the comparison", "module bulkhead_diff;\nimport flow;\n"}});
}

}  // namespace

int run_diff(const DiffOptions& options) {
  std::variant<Policy, Unreadable> older = load_with_flow(options.older, options);
  if (const auto* mistakes = std::get_if<Unreadable>(&older)) return refuse(*mistakes, options.format, "");
  std::variant<Policy, Unreadable> newer = load_with_flow(options.newer, options);
  if (const auto* mistakes = std::get_if<Unreadable>(&newer)) return refuse(*mistakes, options.format, "");
  const Policy& before = std::get<Policy>(older);
  const Policy& after = std::get<Policy>(newer);
  const std::vector<query::AccessChange> changes = query::difference(before.world(), after.world(), {});
  const std::vector<query::SettingChange> settings = query::setting_changes(before.world(), after.world());
  const std::vector<query::FlowChange> flows = query::flow_difference(before.world(), after.world(), {});
  const report::Comparison comparison{before.world(), *before.sources, after.world(), *after.sources,
                                      changes,        settings,        flows};
  const int written = write_out(
      options.format == "json" ? report::difference_json(comparison) : report::difference_text(comparison), "");
  if (written != kHolds) return written;
  const bool more = query::adds_access(changes) || query::loosens(settings) || query::adds_flow(flows);
  return more ? kViolated : kHolds;
}

}  // namespace bulkhead::cli
