// One function for each command: options in, exit status out. They print, and that is all they keep.
#pragma once

#include "cli/options.h"

namespace bulkhead::cli {

int execute(const Command& command);

int run_check(const CheckOptions& options);
int run_fmt(const FmtOptions& options);
int run_prove(const ProveOptions& options);
int run_certify(const CertifyOptions& options);
int run_export(const ExportOptions& options);
int run_solve(const SolveOptions& options);
int run_diff(const DiffOptions& options);
int run_query(const QueryOptions& options);
int run_repair(const RepairOptions& options);
int run_emit(const EmitOptions& options);
int run_import(const ImportOptions& options);
int run_run(const RunOptions& options);
int run_sandbox(const SandboxRunOptions& options);
int run_doctor(const DoctorOptions& options);
int run_explain(const ExplainOptions& options);
int run_why(const WhyOptions& options);
int run_audit_verify(const AuditVerifyOptions& options);

/// No command for people: what `solve` starts to ask Spacer. Clauses on stdin, the answer on stdout; NAME=VALUE for
/// parameters of Z3.
int run_spacer_worker(const std::vector<std::string>& settings);

}  // namespace bulkhead::cli
