#include "checker/solver/ask_spacer.h"

#include <array>
#include <vector>

#include "checker/process/process.h"

namespace bulkhead::solver {
namespace {

using Kind = SpacerAnswer::Kind;

constexpr std::array kNoInlining{"fp.xform.inline_eager=false", "fp.xform.inline_linear=false"};
constexpr std::array kNoDropping{"fp.xform.slice=false", "fp.xform.subsumption_checker=false",
                                 "fp.xform.tail_simplifier_pve=false"};

SpacerAnswer attempt(const std::string& clauses, const std::vector<std::string>& settings,
                     const SpacerOptions& options) {
  process::ProcessLimits limits;
  limits.time = options.time;
  limits.deadline = options.deadline;
  limits.memory_mib = options.memory_mib;
  limits.stop = options.stop;
  std::vector<std::string> command{options.program, "spacer-worker"};
  command.insert(command.end(), settings.begin(), settings.end());
  const auto output = process::run_process(command, clauses.substr(0, clauses.rfind("(check-sat)")), limits);
  if (!output) return {Kind::None, output.error().message()};
  if (output->text.starts_with("sat")) return {Kind::Satisfiable, output->text};
  if (output->text.starts_with("unsat")) return {Kind::Unsatisfiable, output->text.substr(5)};
  return {Kind::None, output->timed_out ? "spacer found no answer in time" : "spacer gave no answer"};
}

/// Attempts of which one says whether the clauses are satisfiable.
SpacerAnswer asked(const std::string& clauses, const SpacerOptions& options) {
  // The generaliser that is on by default sometimes never ends; without it other problems are slow.
  std::vector<std::string> settings{"fp.spacer.random_seed=" + std::to_string(options.seed)};
  if (options.resource != 0) settings.push_back("rlimit=" + std::to_string(options.resource));
  if (!options.transformed) {
    settings.insert(settings.end(), kNoInlining.begin(), kNoInlining.end());
    settings.insert(settings.end(), kNoDropping.begin(), kNoDropping.end());
  }
  SpacerAnswer answer = attempt(clauses, settings, options);
  if (options.stop.stop_requested()) return answer;
  if (options.transformed && answer.kind == Kind::Satisfiable && answer.text.find("(exists ") != std::string::npos) {
    // relations that were replaced by their clauses are told with quantifiers
    settings.insert(settings.end(), kNoInlining.begin(), kNoInlining.end());
    return attempt(clauses, settings, options);
  }
  if (answer.kind != Kind::None) return answer;
  settings.emplace_back("fp.spacer.use_inductive_generalizer=false");
  return attempt(clauses, settings, options);
}

}  // namespace

SpacerAnswer ask_spacer(const std::string& clauses, const SpacerOptions& options) {
  if (options.program.empty()) return {Kind::None, "spacer was not asked"};
  SpacerAnswer answer = asked(clauses, options);
  if (answer.kind != Kind::Unsatisfiable || !options.steps || options.stop.stop_requested()) return answer;
  // Steps are about the relations of the clauses only where the solver leaves these as they are; that may be hard.
  std::vector<std::string> settings{"fp.spacer.random_seed=" + std::to_string(options.seed), "proof=true",
                                    "fp.xform.slice=false"};
  settings.insert(settings.end(), kNoInlining.begin(), kNoInlining.end());
  for (int attempts = 0; attempts < 2 && !options.stop.stop_requested(); ++attempts) {
    SpacerAnswer told = attempt(clauses, settings, options);
    if (told.kind == Kind::Unsatisfiable) return told;
    settings.resize(2);
  }
  return answer;
}

}  // namespace bulkhead::solver
