#include "cli/solve_certificates.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "checker/safety/evidence_file.h"
#include "cli/exit_status.h"
#include "cli/solve_evidence.h"
#include "cli/terminal.h"
#include "lang/base/file.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t kMaxProofBytes = std::size_t{1} << 30;

std::string evidence_path(const std::string& folder) {
  return folder + "/evidence.smt2";
}
std::string condition_path(const std::string& folder, std::size_t which, const char* suffix) {
  return folder + "/condition." + std::to_string(which) + suffix;
}

std::string dimacs(const safety::Condition& condition, const std::vector<lrat::Clause>& clauses) {
  std::string text;
  lrat::Literal variables = 0;
  for (const lrat::Clause& clause : clauses) {
    for (const lrat::Literal literal : clause) {
      variables = std::max(variables, literal < 0 ? -literal : literal);
      text += std::to_string(literal) + " ";
    }
    text += "0\n";
  }
  return "c " + condition.label + "\np cnf " + std::to_string(variables) + " " + std::to_string(clauses.size()) + "\n" +
         text;
}

int write_conditions(const std::string& folder, const term::Store& store, const std::vector<safety::Condition>& all) {
  Status written = write_file(folder + "/conditions.smt2", scripts(store, all));
  const std::size_t clausal = safety::with_integers(store, all) ? 0 : all.size();
  for (std::size_t i = 0; i < clausal && written.ok(); ++i) {
    const auto made = safety::refute(store, all[i]);
    if (!made) return complain("the evidence is not accepted again: " + made.error(), kBadInput);
    written = write_file(condition_path(folder, i, ".cnf"), dimacs(all[i], made->clauses));
    if (written.ok()) written = write_file(condition_path(folder, i, ".lrat"), made->proof);
  }
  return written.ok() ? int{kHolds} : complain(written.error().message(), kBadInput);
}

struct Judgement {
  const char* word = "rejected  ";
  int status = kRejected;
  std::string why;
};

/// By the refutations beside the evidence; of integers, by the second solver.
Judgement judged_safe(safety::Problem& problem, const safety::Evidence& evidence, const std::string& folder) {
  const auto all = safety::conditions(problem, evidence);
  if (!all) return {.why = all.error()};
  const term::Store& store = safety::arena(problem, evidence);
  if (safety::with_integers(store, *all)) {
    const safety::Checked checked = safety::refuted(store, *all, {});
    if (!checked.decided) return {"unchecked ", kUnknown, checked.objection};
    if (!checked.objection.empty()) return {.why = checked.objection};
    return {"accepted  ", kHolds, "the second solver refutes what is against it"};
  }
  for (std::size_t i = 0; i < all->size(); ++i) {
    const Result<std::string> proof = read_file(condition_path(folder, i, ".lrat"), kMaxProofBytes);
    if (!proof.ok()) return {.why = proof.error().message()};
    if (const auto why = safety::objection(store, (*all)[i], *proof)) return {.why = *why};
  }
  return {"accepted  ", kHolds, "the refutations of what is against it are checked"};
}

Judgement judged(safety::Problem& problem, const safety::Evidence& evidence, const std::string& folder) {
  if (safety::claims_safety(evidence)) return judged_safe(problem, evidence, folder);
  if (const auto why = safety::objection(problem, evidence)) return {.why = *why};
  return {"accepted  ", kHolds, "it replays"};
}

}  // namespace

int write_solve_certificates(const std::string& folder, const ProblemFile& file, const std::string& evidence) {
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
    return complain(SystemError{"mkdir", folder, errno, ""}.message(), kBadInput);
  }
  const Status written = write_file(evidence_path(folder), evidence);
  if (!written.ok()) return complain(written.error().message(), kBadInput);
  const auto again = [](const std::string& why) {
    return complain("the evidence is not read again: " + why, kBadInput);
  };
  auto problem = safety::read_problem(safety::format_of(file.name), file.bytes);
  if (!problem) return again(problem.error());
  const auto read = safety::read_evidence(problem.value(), evidence);
  if (!read) return again(read.error());
  if (!safety::claims_safety(*read)) return kHolds;
  const auto all = safety::conditions(problem.value(), *read);
  if (!all) return again(all.error());
  return write_conditions(folder, safety::arena(*problem, *read), *all);
}

bool is_problem(const PolicyInput& input) {
  if (input.files.size() != 1) return false;
  const std::string& name = input.files.front();
  return name.ends_with(".smt2") || safety::format_of(name) == safety::Format::Btor2;
}

int run_certify_problem(const CertifyOptions& options) {
  const std::string& name = options.input.files.front();
  const Result<std::string> bytes = read_file(name, interchange::Expressions::kMaxBytes);
  if (!bytes.ok()) return complain(bytes.error().message(), kBadInput);
  auto problem = safety::read_problem(safety::format_of(name), *bytes);
  if (!problem) return complain(name + ":" + problem.error(), kBadInput);
  const std::string path = evidence_path(options.certificates);
  const Result<std::string> evidence = read_file(path, interchange::Expressions::kMaxBytes);
  if (!evidence.ok()) return complain(evidence.error().message(), kRejected);
  const auto read = safety::read_evidence(problem.value(), *evidence);
  if (!read) return complain(path + ":" + read.error(), kRejected);
  const Judgement told = judged(problem.value(), *read, options.certificates);
  const std::string_view answer = safety::answer_word(problem->format, safety::claims_safety(*read));
  const int written = write_out(told.word + std::string(answer) + "  " + told.why + "\n", "");
  return written != kHolds ? written : told.status;
}

}  // namespace bulkhead::cli
