// bulkhead why, bulkhead audit verify: reading audit logs.
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "runtime-bridge/audit/verify.h"

namespace bulkhead::cli {

int run_why(const WhyOptions& options) {
  const Result<std::string> story = audit::why(options.log, options.number);
  return story.ok() ? write_out(*story, "") : complain(story.error().message(), kBadInput);
}

int run_audit_verify(const AuditVerifyOptions& options) {
  const Result<audit::Verification> verified = audit::verify(options.log);
  if (!verified.ok()) return complain(verified.error().message(), kBadInput);
  if (const audit::ChainBroken* broken = std::get_if<audit::ChainBroken>(&*verified)) {
    return complain(options.log + ":" + std::to_string(broken->line) + ": " + broken->reason, kRejected);
  }
  const audit::ChainOk& chain = std::get<audit::ChainOk>(*verified);
  std::string text;
  for (const audit::RunSummary& run : chain.runs) {
    text += "run " + run.run + ": " + std::to_string(run.lines) + " lines, " + std::to_string(run.denials) +
            " denials, " + (run.ended ? "ended" : "not ended") + ", head " + run.head + "\n";
  }
  text += chain.complete ? "the chain is whole\n" : "the chain is whole as far as it goes; a run has not ended\n";
  return write_out(text, "");
}

}  // namespace bulkhead::cli
