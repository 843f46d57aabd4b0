// bulkhead prove: every claim of a policy, decided.
#include "checker/query/prove.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "checker/report/findings.h"
#include "checker/report/mistakes.h"
#include "checker/report/report.h"
#include "cli/certificates.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/mistakes.h"
#include "cli/policy.h"
#include "cli/proof_dump.h"
#include "cli/prove_selinux.h"
#include "cli/selinux_policy.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

/// "37/100 claims", rewritten in place; only where a terminal looks on.
void show_progress(std::size_t done, std::size_t total) {
  std::fprintf(stderr, "\r  %zu/%zu claims", done, total);
  if (done == total) std::fprintf(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

/// Of the search for unproved policy where it may take its time: some minutes, if the run's time allows that.
constexpr std::uint64_t kThorough = 1'000'000'000;

query::ProveOptions proof_options(const ProveOptions& options) {
  query::ProveOptions proof;
  proof.only = options.only;
  proof.jobs = options.jobs;
  proof.timeout = std::chrono::milliseconds(options.timeout_ms);
  proof.memory_mib = options.memory_mib;
  proof.spacer = "/proc/self/exe";
  proof.seed = options.seed;
  proof.certify = options.certify ? query::Certify::On : query::Certify::Off;
  proof.coverage = options.coverage && options.only.empty() ? query::Coverage::On : query::Coverage::Off;
  if (options.thorough_coverage) proof.coverage_work = kThorough;
  proof.cache = options.no_cache ? "" : query::default_cache();
  if (::isatty(STDERR_FILENO) == 1) proof.progress = show_progress;
  return proof;
}

std::string render(const std::string& format, const report::Subject& subject) {
  if (format == "json") return report::json(subject);
  if (format == "sarif") return report::sarif(report::findings(subject));
  if (format == "junit") return report::junit(report::findings(subject));
  if (format == "github") return report::github(report::findings(subject));
  if (format == "markdown") return report::markdown(subject);
  return report::text(subject);
}

/// The JSON of a policy that cannot be read is a report of verdicts like any other, without any.
int refuse_to_prove(const Unreadable& policy, const ProveOptions& options) {
  if (options.format != "json") return refuse(policy, options.format, options.output);
  write_out(report::unread_json(*policy.sources, policy.diagnostics), options.output);
  return kBadInput;
}

/// "forged.svg", and "forged_2.svg" of a second run.
int write_charts(const std::string& folder, const report::Subject& subject) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return complain("cannot make " + folder + ": " + error.message(), kBadInput);
  int status = kHolds;
  for (const query::ClaimResult& result : subject.proof.claims) {
    std::size_t number = 1;
    for (const std::string& picture : report::charts(subject, result)) {
      const std::string suffix = number == 1 ? "" : "_" + std::to_string(number);
      ++number;
      if (status == kHolds)
        status = write_out(picture, folder + "/" + subject.world.at(result.claim).name + suffix + ".svg");
    }
  }
  return status;
}

}  // namespace

int run_prove(const ProveOptions& options) {
  if (any_selinux_policy(options.input)) return run_prove_selinux(options);
  std::variant<Policy, Unreadable> loaded = load_policy(options.input);
  if (const auto* mistakes = std::get_if<Unreadable>(&loaded)) return refuse_to_prove(*mistakes, options);
  const Policy& policy = std::get<Policy>(loaded);
  const std::vector<std::string> unknown = query::unknown_names(policy.world(), options.only);
  if (!unknown.empty()) return complain("there is no claim `" + unknown.front() + "`", kBadInput);
  if (options.dump == "obligations") return write_out(dump_obligations(policy.world()), options.output);

  const query::Proof proof = query::prove(policy.world(), proof_options(options));
  for (const std::string& entry : proof.cache.dropped) complain("cache: dropped " + entry, kHolds);
  const report::Subject subject{policy.world(), *policy.sources, proof, policy.warnings};
  const std::string text = options.dump.empty() ? render(options.format, subject)
                                                : dump_verdicts(policy.world(), proof, options.dump == "terms");
  int status = write_out(text, options.output);
  if (status == kHolds && !options.certificates.empty())
    status = write_certificates(options.certificates, policy, proof);
  if (status == kHolds && !options.charts.empty()) status = write_charts(options.charts, subject);
  return status != kHolds ? status : report::exit_status(proof);
}

}  // namespace bulkhead::cli
