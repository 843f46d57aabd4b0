#include "cli/commands.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

/// One overload for each command: a command without one does not compile.
struct Execute {
  int operator()(const CheckOptions& options) const { return run_check(options); }
  int operator()(const FmtOptions& options) const { return run_fmt(options); }
  int operator()(const ProveOptions& options) const { return run_prove(options); }
  int operator()(const CertifyOptions& options) const { return run_certify(options); }
  int operator()(const ExportOptions& options) const { return run_export(options); }
  int operator()(const SolveOptions& options) const { return run_solve(options); }
  int operator()(const DiffOptions& options) const { return run_diff(options); }
  int operator()(const QueryOptions& options) const { return run_query(options); }
  int operator()(const RepairOptions& options) const { return run_repair(options); }
  int operator()(const EmitOptions& options) const { return run_emit(options); }
  int operator()(const ImportOptions& options) const { return run_import(options); }
  int operator()(const RunOptions& options) const { return run_run(options); }
  int operator()(const SandboxRunOptions& options) const { return run_sandbox(options); }
  int operator()(const DoctorOptions& options) const { return run_doctor(options); }
  int operator()(const ExplainOptions& options) const { return run_explain(options); }
  int operator()(const WhyOptions& options) const { return run_why(options); }
  int operator()(const AuditVerifyOptions& options) const { return run_audit_verify(options); }
  int operator()(const PrintText& print) const { return write_out(print.text, ""); }
};

}  // namespace

int execute(const Command& command) {
  return std::visit(Execute{}, command);
}

}  // namespace bulkhead::cli
