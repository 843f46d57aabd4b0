#include "cli/prove_selinux.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "checker/selinux/assertion_file.h"
#include "checker/selinux/assertion_script.h"
#include "cli/assertion_report.h"
#include "cli/assertions.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "lang/base/file.h"

namespace bulkhead::cli {

namespace {

constexpr const char* kFileName = "/assertions.cert";
constexpr std::size_t kMaxExportBytes = std::size_t{64} << 20;

int not_alone() {
  return complain("an SELinux policy is proved alone", kBadInput);
}

std::string render(const std::string& format, const SelinuxPolicy& policy, const selinux::AssertionNames& names,
                   const CheckedAssertions& checked) {
  if (format == "json") return assertions_json(policy, names, checked);
  if (format == "text") return assertions_text(policy, checked);
  const report::Findings findings = assertions_findings(policy, names, checked);
  if (format == "sarif") return report::sarif(findings);
  return format == "junit" ? report::junit(findings) : report::github(findings);
}

int write_certificate(const std::string& folder, const SelinuxPolicy& policy, const selinux::AssertionNames& names,
                      const CheckedAssertions& checked) {
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
    return complain(SystemError{"mkdir", folder, errno, ""}.message(), kBadInput);
  }
  std::vector<selinux::AssertionVerdict> verdicts;
  for (const CheckedAssertion& one : checked.all) {
    if (!one.objection) verdicts.push_back(one.verdict);
  }
  const Status written = write_file(folder + kFileName, selinux::write_assertions(names, *policy.digest, verdicts));
  return written.ok() ? static_cast<int>(kHolds) : complain(written.error().message(), kBadInput);
}

}  // namespace

int run_prove_selinux(const ProveOptions& options) {
  if (options.format == "markdown" || !options.charts.empty() || !options.dump.empty()) {
    return complain("--charts, --dump and --format markdown are not for SELinux policies", kBadInput);
  }
  if (options.input.files.size() > 1) return not_alone();
  const std::variant<SelinuxPolicy, Unreadable> loaded = load_selinux(options.input.files.front(), Digests::On);
  if (const auto* mistakes = std::get_if<Unreadable>(&loaded)) return refuse(*mistakes, options.format, options.output);
  const SelinuxPolicy& policy = std::get<SelinuxPolicy>(loaded);
  const selinux::AssertionNames names(policy.policy, *policy.sources);
  const auto asked = assertions_named(names, options.only);
  if (const auto* word = std::get_if<std::string>(&asked)) {
    return complain("there is no assertion `" + *word + "`", kBadInput);
  }
  const std::size_t workers = worker_count(options.jobs);
  const selinux::AssertionJudge judge(policy.policy);
  CheckedAssertions checked;
  checked.all =
      judged(judge, selinux::decide_assertions(policy.policy, std::get<std::vector<selinux::RuleId>>(asked), workers),
             workers);
  if (options.certify) checked.second = ask_second_solver(policy.policy, checked.all, workers);
  int status = write_out(render(options.format, policy, names, checked), options.output);
  if (status == kHolds && !options.certificates.empty()) {
    status = write_certificate(options.certificates, policy, names, checked);
  }
  return status != kHolds ? status : checked.exit_status();
}

int run_certify_selinux(const CertifyOptions& options) {
  if (options.input.files.size() > 1) return not_alone();
  const std::variant<SelinuxPolicy, Unreadable> loaded = load_selinux(options.input.files.front(), Digests::On);
  if (std::holds_alternative<Unreadable>(loaded)) return kBadInput;
  const SelinuxPolicy& policy = std::get<SelinuxPolicy>(loaded);
  const selinux::AssertionNames names(policy.policy, *policy.sources);
  if (names.rules().empty()) {
    return complain("the policy has no assertions, so there is nothing to certify", kUnknown);
  }
  const std::string path = options.certificates + kFileName;
  const Result<std::string> bytes = read_file(path, selinux::kMaxAssertionFileBytes);
  if (!bytes.ok()) return complain(bytes.error().message(), kRejected);
  const selinux::AssertionJudge judge(policy.policy);
  auto verdicts = selinux::read_assertions(*bytes, policy.policy, names, judge, *policy.digest);
  if (!verdicts.ok()) return complain(path + ": " + verdicts.error(), kRejected);

  const std::size_t workers = worker_count(0);
  CheckedAssertions checked;
  checked.all = judged(judge, std::move(*verdicts), workers);
  checked.second = ask_second_solver(policy.policy, checked.all, workers);
  int status = kHolds;
  auto next = checked.all.begin();
  for (const selinux::RuleId rule : names.rules()) {
    if (next != checked.all.end() && next->verdict.assertion == rule) {
      if (next->objection) status = kRejected;
      ++next;
    } else {
      status = complain(path + ": nothing about " + names.name(rule), kRejected);
    }
  }
  const int written = write_out(certified_text(names, checked), "");
  return written != kHolds ? written : status;
}

int run_export_selinux(const ExportOptions& options) {
  if (options.format != "smt2") return complain("of an SELinux policy there is smt2, no " + options.format, kBadInput);
  if (options.input.files.size() > 1) return not_alone();
  const std::variant<SelinuxPolicy, Unreadable> loaded = load_selinux(options.input.files.front(), Digests::On);
  if (std::holds_alternative<Unreadable>(loaded)) return kBadInput;
  const SelinuxPolicy& policy = std::get<SelinuxPolicy>(loaded);
  const selinux::AssertionNames names(policy.policy, *policy.sources);
  const auto asked = assertions_named(names, options.only);
  if (const auto* word = std::get_if<std::string>(&asked)) {
    return complain("there is no assertion `" + *word + "`", kBadInput);
  }
  const selinux::AssertionScripts scripts(policy.policy);
  std::string text;
  const auto verdicts =
      selinux::decide_assertions(policy.policy, std::get<std::vector<selinux::RuleId>>(asked), worker_count(0));
  for (const selinux::AssertionVerdict& verdict : verdicts) {
    if (!text.empty()) text += "(reset)\n";
    text += "; assertion " + names.name(verdict.assertion) + "\n(set-info :status " +
            (verdict.holds() ? "unsat" : "sat") + ")\n" + scripts.script(verdict.assertion);
    if (text.size() > kMaxExportBytes) {
      return complain("the questions are too large together: name assertions by --only", kBadInput);
    }
  }
  return write_out(text, options.output);
}

}  // namespace bulkhead::cli
