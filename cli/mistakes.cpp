#include "cli/mistakes.h"

#include "checker/report/mistakes.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

int write_mistakes(const std::string& name, const source::SourceMap& sources, const diag::DiagnosticList& mistakes,
                   const std::string& format, const std::string& output) {
  if (format == "json") return write_out(report::mistakes_json(sources, mistakes), output);
  const report::Findings told = report::findings(name, sources, mistakes.all());
  if (format == "sarif") return write_out(report::sarif(told), output);
  if (format == "junit") return write_out(report::junit(told), output);
  if (format == "github") return write_out(report::github(told), output);
  return kHolds;
}

int refuse(const Unreadable& policy, const std::string& format, const std::string& output) {
  write_mistakes(policy.name, *policy.sources, policy.diagnostics, format, output);
  return kBadInput;
}

}  // namespace bulkhead::cli
