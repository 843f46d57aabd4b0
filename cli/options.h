// The command line as values: one struct for each command, filled by parse.h, consumed by the command's own file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bulkhead::cli {

/// What every command that reads policies shares.
struct PolicyInput {
  std::vector<std::string> files;
  std::vector<std::string> models;   // --models DIR
  std::vector<std::string> volumes;  // --volume NAME=PATH
};

struct CheckOptions {
  PolicyInput input;
  std::string format = "text";
  std::string output;  // --output FILE
  std::string dump;    // --dump=ast|ir
};
struct FmtOptions {
  std::vector<std::string> files;
  bool check = false;  // --check: change nothing, status 1 if a file is not canonical
};
struct ProveOptions {
  PolicyInput input;
  std::string format = "text";
  std::string output;             // --output FILE
  std::vector<std::string> only;  // --only CLAIM
  unsigned jobs = 0;              // 0: number of cores
  std::uint32_t timeout_ms = 60'000;
  std::uint32_t memory_mib = 2'048;
  std::uint64_t seed = 0;
  bool certify = false;
  bool no_cache = false;
  bool coverage = true;
  bool thorough_coverage = false;  // sentences of models too, as long as the time allows
  std::string certificates;        // --certificates DIR: write them there
  std::string charts;              // --charts DIR: pictures of the runs of protocols
  std::string dump;                // --dump=obligations|terms|verdict
};
struct CertifyOptions {
  PolicyInput input;
  std::string certificates;  // folder or file
};
struct ExportOptions {
  PolicyInput input;
  std::string format;  // smt2, horn, vmt, aiger, btor2
  std::vector<std::string> only;
  std::vector<std::string> scope;  // --scope SORT=SIZE
  std::string output;
  std::uint32_t timeout_ms = 60'000;
};
struct SolveOptions {
  std::string file;          // .btor2; everything else is Horn clauses
  std::string witness;       // --witness FILE: the run, or the conditions of the invariant
  std::string certificates;  // --certificates DIR: what `certify` reads
  std::uint32_t timeout_ms = 60'000;
  std::uint32_t memory_mib = 2'048;
  std::uint32_t seed = 0;
};
struct DiffOptions {
  std::string older;
  std::string newer;
  std::vector<std::string> models;
  std::string format = "text";
};
struct QueryOptions {
  PolicyInput input;  // of an SELinux policy: the policy, then the words of the question
  std::string question;
  std::string format = "text";  // text, json, dot, svg
  std::string output;
  std::uint32_t timeout_ms = 60'000;
  bool certify = false;
  std::string map;        // --map FILE instead of models/selinux_flow.map
  bool brief = false;     // whether, not along which rules
  bool no_cache = false;  // ask the policy, whatever an earlier run has kept; keep nothing
};
struct RepairOptions {
  PolicyInput input;
  std::vector<std::string> claims;  // --claim; empty: all that are violated
  std::string format = "text";      // text, json, diff
  std::string output;
  std::size_t limit = 3;
  std::uint32_t timeout_ms = 120'000;
};
struct EmitOptions {
  PolicyInput input;
  std::string container;
  std::string target;
  std::string output;
  std::string machine;        // x86-64, aarch64; "": this one
  unsigned landlock_abi = 0;  // of the kernel that is to enforce it; 0: the newest
};
struct ImportOptions {
  std::string format;  // seccomp, oci, capabilities, selinux, arbac
  std::string file;
  std::string output;
  std::string name;  // --name of the container or model that is made
  std::vector<std::string> kernel_capabilities;
  bool whole = false;  // --whole: of a role policy leave nothing out
};

enum class OnDenial { Continue, Fail, Kill };

/// Shared by `run` and `sandbox run`.
struct LaunchOptions {
  std::vector<std::string> command;
  std::string audit_log = "./bulkhead-audit.jsonl";
  OnDenial on_denial = OnDenial::Continue;
  bool log_all = false;
  bool audit = false;  // --audit: lift file and network rules, record what they would deny
  bool dry_run = false;
  bool dump_policy = false;
  bool stdin_through = false;
  bool tty = false;
  int status_fd = -1;
  std::string require_readback;  // "", "exact"
  bool audit_loss_continue = false;
  bool quiet = false;
  bool no_cache = false;     // prove anew
  std::string table_output;  // --emit-table FILE: write the table, start nothing
};
struct RunOptions {
  std::string target;  // POLICY::Container
  PolicyInput input;
  LaunchOptions launch;
};
struct SandboxRunOptions {
  std::string script;
  std::vector<std::string> capabilities;  // files
  std::vector<std::string> grants;        // --grant KIND=ARG
  std::vector<std::string> revocations;   // --revoke KIND=ARG
  std::string level;
  std::string interpreter;
  std::vector<std::string> models;
  LaunchOptions launch;  // command: the arguments of the script
};

struct DoctorOptions {
  bool json = false;
};
struct ExplainOptions {
  std::string code;
};
struct WhyOptions {
  std::uint64_t number = 1;
  std::string log = "./bulkhead-audit.jsonl";
};
struct AuditVerifyOptions {
  std::string log;
};
/// Text that was asked for (help, version, completion); printed to stdout, status 0.
struct PrintText {
  std::string text;
};

using Command =
    std::variant<CheckOptions, FmtOptions, ProveOptions, CertifyOptions, ExportOptions, SolveOptions, DiffOptions,
                 QueryOptions, RepairOptions, EmitOptions, ImportOptions, RunOptions, SandboxRunOptions, DoctorOptions,
                 ExplainOptions, WhyOptions, AuditVerifyOptions, PrintText>;

}  // namespace bulkhead::cli
