// bulkhead solve: is a problem of another tool's format safe? And the child that asks Spacer.
#include <iostream>
#include <iterator>
#include <variant>

#include "checker/safety/decide_problem.h"
#include "checker/solver/spacer.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/solve_certificates.h"
#include "cli/solve_evidence.h"
#include "cli/terminal.h"
#include "lang/base/file.h"

namespace bulkhead::cli {

namespace {

/// By which evidence, and who has accepted it.
std::string how(const safety::Shown& shown) {
  const std::string by = shown.by == safety::Checker::Clauses ? " is accepted by the checker of refutations"
                                                              : " is accepted by the second solver";
  struct {
    const std::string& accepted;
    std::string operator()(const safety::Invariant&) const { return "the invariant" + accepted; }
    std::string operator()(const safety::Interpretation&) const { return "the interpretation" + accepted; }
    std::string operator()(const machine::Run&) const { return "the run replays"; }
    std::string operator()(const safety::Derivation&) const { return "the derivation replays"; }
  } const words{by};
  return std::visit(words, shown.evidence);
}

}  // namespace

int run_solve(const SolveOptions& options) {
  const Result<std::string> bytes = read_file(options.file, interchange::Expressions::kMaxBytes);
  if (!bytes.ok()) return complain(bytes.error().message(), kBadInput);
  const safety::Format format = safety::format_of(options.file);
  auto problem = safety::read_problem(format, *bytes);
  if (!problem) return complain(options.file + ":" + problem.error(), kBadInput);
  safety::Options deciding;
  deciding.time = std::chrono::milliseconds(options.timeout_ms);
  deciding.memory_mib = options.memory_mib;
  deciding.seed = options.seed;
  const safety::ProblemDecision decision = safety::decide(problem.value(), deciding);
  const std::string times = " (searched " + std::to_string(decision.searched.count()) + " ms, checked " +
                            std::to_string(decision.checked.count()) + " ms)";
  const auto* shown = std::get_if<safety::Shown>(&decision.answer);
  if (shown == nullptr) {
    const int written = write_out("unknown\n", "");
    const std::string& reason = std::get<safety::Unknown>(decision.answer).reason;
    return written != kHolds ? written : complain(reason + times, kUnknown);
  }
  const bool safe = safety::claims_safety(shown->evidence);
  const int written = write_out(std::string(safety::answer_word(format, safe)) + "\n", "");
  if (written != kHolds) return written;
  complain("found by " + decision.engine + ", " + how(*shown) + times, kHolds);
  if (!options.witness.empty()) {
    const int status = write_out(witness(problem.value(), shown->evidence), options.witness);
    if (status != kHolds) return status;
  }
  if (!options.certificates.empty()) {
    const std::string text = safety::write_evidence(*problem, shown->evidence);
    const int status = write_solve_certificates(options.certificates, {options.file, *bytes}, text);
    if (status != kHolds) return status;
  }
  return safe ? kHolds : kViolated;
}

int run_spacer_worker(const std::vector<std::string>& settings) {
  std::vector<std::pair<std::string, std::string>> read;
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) return kBadInput;
    read.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  const std::string clauses{std::istreambuf_iterator<char>(std::cin), {}};
  return write_out(solver::answer_horn(clauses, read), "");
}

}  // namespace bulkhead::cli
