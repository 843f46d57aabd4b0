// bulkhead certify, and the folder that `prove --certificates` writes.
#include "cli/certificates.h"

#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <sstream>

#include "checker/certificate/check.h"
#include "checker/certificate/file.h"
#include "checker/certificate/refuted.h"
#include "checker/conditions/rounds.h"
#include "checker/report/invariant.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/prove_selinux.h"
#include "cli/selinux_policy.h"
#include "cli/solve_certificates.h"
#include "cli/terminal.h"
#include "lang/base/file.h"
#include "lang/system/dump.h"

namespace bulkhead::cli {

namespace {

/// "no_egress.0.cert": claim names are identifiers, so they are file names too.
std::string file_name(const ir::Claim& claim, std::size_t item, const char* suffix = ".cert") {
  return claim.name + "." + std::to_string(item) + suffix;
}

/// One certificate, read back and matched to the claim and the case that it must speak of.
struct Loaded {
  ir::ClaimId claim;
  certificate::File file;
};

std::string load(const std::string& path, const ir::World& world, ir::ClaimId claim,
                 const obligation::Instance& instance, std::vector<Loaded>& loaded) {
  Result<std::string> bytes = certificate::read_bytes(path);
  if (!bytes.ok()) return bytes.error().message();
  Result<certificate::File, std::string> file = certificate::read(*bytes);
  if (!file.ok()) return file.error();
  if (file->claim != world.at(claim).name) return "it speaks of the claim `" + file->claim + "`";
  if (file->instance.variable != instance.variable || file->instance.direction != instance.direction)
    return "it speaks of another case of the claim";
  loaded.push_back({claim, std::move(*file)});
  return "";
}

/// For other checkers: the clauses behind each LRAT proof of a claim in one scope. "safe.0.3.cnf", "safe.0.3.lrat".
Status write_clauses(const std::string& folder, const ir::World& world, ir::ClaimId claim, std::size_t item,
                     const query::CaseResult& result) {
  std::size_t number = 0;
  for (const certificate::Refuted& one : certificate::refuted(world, claim, result.instance, result.verdict)) {
    const std::string name = folder + "/" + file_name(world.at(claim), item, "") + "." + std::to_string(number++);
    Status written = write_file(name + ".cnf", certificate::dimacs(one));
    if (written.ok()) written = write_file(name + ".lrat", one.proof);
    if (!written.ok()) return written;
  }
  return Unit{};
}

/// The model that counts rounds, where the evidence is about it: as comments, for people.
std::string counting_model(const Policy& policy, const ir::Claim& claim, const verdict::Verdict& verdict) {
  const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form);
  const auto* leads = theorem == nullptr ? nullptr : std::get_if<system::LeadsTo>(&theorem->theorem.statement);
  const auto* holds = std::get_if<verdict::Holds>(&verdict);
  const bool inductive =
      holds != nullptr && std::holds_alternative<verdict::InductiveEvidence>(holds->certificate.evidence);
  if (leads == nullptr || !inductive) return "";
  const auto counted = conditions::rounds(policy.world().at(theorem->system), *leads);
  if (!counted) return "";
  std::istringstream lines(system::dump(counted->system, *policy.sources));
  std::string text;
  for (std::string line; std::getline(lines, line);) text += line.empty() ? "//\n" : "// " + line + "\n";
  return text;
}

}  // namespace

int write_certificates(const std::string& folder, const Policy& policy, const query::Proof& proof) {
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
    return complain(SystemError{"mkdir", folder, errno, ""}.message(), kBadInput);
  }
  for (const query::ClaimResult& result : proof.claims) {
    const ir::Claim& claim = policy.world().at(result.claim);
    for (std::size_t i = 0; i < result.cases.size(); ++i) {
      const query::CaseResult& item = result.cases[i];
      if (std::holds_alternative<verdict::Unknown>(item.verdict)) continue;
      verdict::Verdict sealed =
          item.verdict;  // scripts are made where the evidence was checked, and not kept in the cache
      if (item.from_cache || !item.checked) certificate::seal(policy.world(), result.claim, item.instance, sealed);
      Status written =
          write_file(folder + "/" + file_name(claim, i), certificate::write({claim.name, item.instance, sealed}));
      // For people: what a claim about a model rests on, in the words of the model.
      const std::string invariant =
          report::invariant(policy.world(), claim, item.verdict) + counting_model(policy, claim, item.verdict);
      if (written.ok() && !invariant.empty())
        written = write_file(folder + "/" + file_name(claim, i, ".bh"), invariant);
      if (written.ok()) written = write_clauses(folder, policy.world(), result.claim, i, item);
      if (!written.ok()) return complain(written.error().message(), kBadInput);
    }
  }
  return kHolds;
}

int run_certify(const CertifyOptions& options) {
  if (is_problem(options.input)) return run_certify_problem(options);
  if (any_selinux_policy(options.input)) return run_certify_selinux(options);
  std::variant<Policy, Unreadable> policy = load_policy(options.input);
  if (std::holds_alternative<Unreadable>(policy)) return kBadInput;
  const ir::World& world = std::get<Policy>(policy).world();

  std::vector<Loaded> loaded;
  int status = kHolds;
  for (std::size_t c = 0; c < world.claims.size(); ++c) {
    const ir::ClaimId claim(c);
    const std::vector<obligation::Instance> cases = obligation::instances(world, claim);
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const std::string path = options.certificates + "/" + file_name(world.at(claim), i);
      const std::string problem = load(path, world, claim, cases[i], loaded);
      if (!problem.empty()) status = complain(path + ": " + problem, kRejected);
    }
  }
  std::vector<certificate::Item> items;
  for (const Loaded& one : loaded) items.push_back({one.claim, one.file.instance, &one.file.verdict});
  const std::vector<certificate::Checked> checked = certificate::check(world, items, {});
  std::string text;
  for (std::size_t i = 0; i < checked.size(); ++i) {
    constexpr const char* kWords[] = {"accepted  ", "rejected  ", "unchecked "};
    const certificate::Outcome outcome = checked[i].outcome;
    text += kWords[static_cast<std::size_t>(outcome)] + world.at(loaded[i].claim).name + "  " +
            std::string(verdict::word(loaded[i].file.verdict)) +
            (checked[i].reason.empty() ? "\n" : "  " + checked[i].reason + "\n");
    if (outcome == certificate::Outcome::Rejected) status = kRejected;
    if (outcome == certificate::Outcome::Unavailable && status == kHolds) status = kUnknown;
  }
  if (world.claims.empty()) return complain("the policy has no claims, so there is nothing to certify", kUnknown);
  const int written = write_out(text, "");
  return written != kHolds ? written : status;
}

}  // namespace bulkhead::cli
