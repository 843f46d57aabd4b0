// bulkhead solve: is a problem of another tool's format safe? And the child that asks Spacer.
#include <iostream>
#include <iterator>

#include "checker/interchange/btor2.h"
#include "checker/interchange/horn.h"
#include "checker/safety/decide.h"
#include "checker/solver/spacer.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "lang/base/file.h"

namespace bulkhead::cli {

namespace {

using interchange::Horn;

struct Problem {
  Horn horn;
  std::string clauses;
  bool is_horn = true;
};

Result<Problem, std::string> read_problem(const std::string& name) {
  Result<std::string> text = read_file(name, interchange::Expressions::kMaxBytes);
  if (!text.ok()) return fail(text.error().message());
  if (name.ends_with(".btor2") || name.ends_with(".btor")) {
    auto machine = interchange::read_btor2(*text);
    if (!machine) return fail(name + ":" + std::to_string(machine.error().line) + ": " + machine.error().reason);
    std::string clauses = interchange::to_horn(*machine);
    return Problem{safety::as_horn(std::move(machine).value()), std::move(clauses), false};
  }
  auto horn = interchange::read_horn(*text);
  if (!horn) {
    const interchange::Place place = horn.error().place;
    return fail(name + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": " +
                horn.error().reason);
  }
  return Problem{std::move(horn).value(), std::move(*text), true};
}

std::string value_text(const term::Store& store, term::TermId variable, term::Word value) {
  const term::Sort sort = store.sort(variable);
  if (sort == term::kBool) return value.low != 0 ? "true" : "false";
  if (sort == term::kInt) return std::to_string(static_cast<std::int64_t>(value.low));
  std::string text = "#b";
  for (unsigned bit = sort.width; bit-- > 0;) {
    text += ((bit < 64 ? value.low >> bit : value.high >> (bit - 64)) & 1u) != 0 ? '1' : '0';
  }
  return text;
}

/// One line for each moment: what has changed of the state, then the inputs.
std::string story(const machine::Machine& machine, const machine::Run& run) {
  std::string text;
  for (std::size_t at = 0; at < run.moments.size(); ++at) {
    text += "#" + std::to_string(at);
    const machine::Moment& moment = run.moments[at];
    for (std::size_t i = 0; i < moment.state.size(); ++i) {
      if (at > 0 && run.moments[at - 1].state[i] == moment.state[i]) continue;
      const term::TermId latch = machine.state[i].now;
      text += " " + machine.store.name(latch) + "=" + value_text(machine.store, latch, moment.state[i]);
    }
    for (std::size_t i = 0; i < moment.inputs.size(); ++i) {
      text += (i == 0 ? " @ " : " ") + machine.store.name(machine.inputs[i]) + "=" +
              value_text(machine.store, machine.inputs[i], moment.inputs[i]);
    }
    text += "\n";
  }
  return text + "bad: " + machine.bad[machine::violated(machine, run)].name + "\n";
}

/// What was refuted, for another solver to ask.
std::string scripts(machine::Machine& machine, const safety::Invariant& invariant) {
  std::string text;
  for (const safety::Condition& condition : safety::conditions(machine, invariant)) {
    text += (text.empty() ? "; " : "(reset)\n; ") + condition.label + "\n(set-info :status unsat)\n" +
            term::to_smt2(machine.store, condition.all);
  }
  return text;
}

std::string times(const safety::Decision& decision) {
  return " (searched " + std::to_string(decision.searched.count()) + " ms, checked " +
         std::to_string(decision.checked.count()) + " ms)";
}

}  // namespace

int run_solve(const SolveOptions& options) {
  auto problem = read_problem(options.file);
  if (!problem) return complain(problem.error(), kBadInput);
  Horn& horn = problem.value().horn;
  safety::Options deciding;
  deciding.time = std::chrono::milliseconds(options.timeout_ms);
  deciding.memory_mib = options.memory_mib;
  deciding.seed = options.seed;
  const safety::Decision decision = safety::decide(horn, problem->clauses, deciding);
  if (const auto* unknown = std::get_if<safety::Unknown>(&decision.answer)) {
    const int written = write_out("unknown\n", "");
    return written != kHolds ? written : complain(unknown->reason + times(decision), kUnknown);
  }
  const auto* safe = std::get_if<safety::Safe>(&decision.answer);
  const char* const words[2][2] = {{"unsafe\n", "safe\n"}, {"unsat\n", "sat\n"}};
  const int written = write_out(words[problem->is_horn ? 1 : 0][safe != nullptr ? 1 : 0], "");
  if (written != kHolds) return written;
  std::string told = "found by " + decision.engine + ", the run replays" + times(decision);
  if (safe != nullptr) {
    told = "found by " + decision.engine + ", the invariant is accepted by " +
           (safe->checked_by == safety::Checker::Clauses ? "the checker of refutations" : "the second solver") +
           times(decision);
  }
  complain(told, kHolds);
  if (!options.witness.empty()) {
    const std::string text = safe != nullptr ? scripts(horn.machine, safe->invariant)
                                             : story(horn.machine, std::get<safety::Unsafe>(decision.answer).run);
    if (const int status = write_out(text, options.witness); status != kHolds) return status;
  }
  return safe != nullptr ? kHolds : kViolated;
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
