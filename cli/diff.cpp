// bulkhead diff: what access a new policy adds and removes; the gate for a change.
#include "checker/query/difference.h"
#include "checker/query/settings.h"
#include "checker/report/report.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/policy.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

int run_diff(const DiffOptions& options) {
  std::variant<Policy, Unreadable> older = load_policy({{options.older}, options.models, {}});
  if (const auto* mistakes = std::get_if<Unreadable>(&older)) return refuse(*mistakes, options.format, "");
  std::variant<Policy, Unreadable> newer = load_policy({{options.newer}, options.models, {}});
  if (const auto* mistakes = std::get_if<Unreadable>(&newer)) return refuse(*mistakes, options.format, "");
  const Policy& before = std::get<Policy>(older);
  const Policy& after = std::get<Policy>(newer);
  const std::vector<query::AccessChange> changes = query::difference(before.world(), after.world(), {});
  const std::vector<query::SettingChange> settings = query::setting_changes(before.world(), after.world());
  const report::Comparison comparison{before.world(), *before.sources, after.world(),
                                      *after.sources, changes,         settings};
  const int written = write_out(
      options.format == "json" ? report::difference_json(comparison) : report::difference_text(comparison), "");
  if (written != kHolds) return written;
  return query::adds_access(changes) || query::loosens(settings) ? kViolated : kHolds;
}

}  // namespace bulkhead::cli
