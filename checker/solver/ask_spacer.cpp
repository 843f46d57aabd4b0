#include "checker/solver/ask_spacer.h"

#include <vector>

#include "checker/process/process.h"

namespace bulkhead::solver {
namespace {

using Kind = SpacerAnswer::Kind;

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
  if (output->text.starts_with("unsat")) return {Kind::Unsatisfiable, ""};
  return {Kind::None, output->timed_out ? "spacer found no answer in time" : "spacer gave no answer"};
}

}  // namespace

SpacerAnswer ask_spacer(const std::string& clauses, const SpacerOptions& options) {
  if (options.program.empty()) return {Kind::None, "spacer was not asked"};
  // The generaliser that is on by default sometimes never ends; without it other problems are slow.
  std::vector<std::string> settings{"fp.spacer.random_seed=" + std::to_string(options.seed)};
  if (options.resource != 0) settings.push_back("rlimit=" + std::to_string(options.resource));
  SpacerAnswer answer = attempt(clauses, settings, options);
  if (options.stop.stop_requested()) return answer;
  if (answer.kind == Kind::Satisfiable && answer.text.find("(exists ") != std::string::npos) {
    // relations that were replaced by their clauses are told with quantifiers
    settings.insert(settings.end(), {"fp.xform.inline_eager=false", "fp.xform.inline_linear=false"});
    return attempt(clauses, settings, options);
  }
  if (answer.kind != Kind::None) return answer;
  settings.emplace_back("fp.spacer.use_inductive_generalizer=false");
  return attempt(clauses, settings, options);
}

}  // namespace bulkhead::solver
