// bulkhead solve: is a problem of another tool's format safe? And the child that asks Spacer.
#include <iostream>
#include <iterator>
#include <optional>
#include <variant>

#include "checker/interchange/btor2.h"
#include "checker/interchange/horn.h"
#include "checker/safety/decide.h"
#include "checker/safety/decide_clauses.h"
#include "checker/solver/spacer.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/solve_evidence.h"
#include "cli/terminal.h"
#include "lang/base/file.h"

namespace bulkhead::cli {

namespace {

using interchange::Horn;

/// Clauses with two relations in a body are no machine.
struct Problem {
  std::variant<Horn, interchange::Clauses> what;
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
  const auto wrong = [&](const interchange::TextError& error) {
    return fail(name + ":" + std::to_string(error.place.line) + ":" + std::to_string(error.place.column) + ": " +
                error.reason);
  };
  auto clauses = interchange::read_clauses(*text);
  if (!clauses) return wrong(clauses.error());
  if (interchange::nonlinear(*clauses) != nullptr) {
    return Problem{std::move(clauses).value(), std::move(*text), true};
  }
  auto horn = interchange::linear_machine(std::move(clauses).value());
  if (!horn) return wrong(horn.error());
  return Problem{std::move(horn).value(), std::move(*text), true};
}

std::string by_whom(safety::Checker checker) {
  return checker == safety::Checker::Clauses ? "the checker of refutations" : "the second solver";
}

/// What is told of an answer, whatever was asked.
struct Told {
  std::optional<bool> safe;  // none: unknown
  std::string how;           // by which evidence; of unknown: why
  std::string witness;
  std::string engine;
  std::chrono::milliseconds searched, checked;
};

Told solved(Horn& horn, const std::string& text, const safety::Options& options) {
  const safety::Decision decision = safety::decide(horn, text, options);
  Told told{std::nullopt, "", "", decision.engine, decision.searched, decision.checked};
  if (const auto* unknown = std::get_if<safety::Unknown>(&decision.answer)) {
    told.how = unknown->reason;
  } else if (const auto* safe = std::get_if<safety::Safe>(&decision.answer)) {
    told.safe = true;
    told.how = "the invariant is accepted by " + by_whom(safe->checked_by);
    const auto all = safety::conditions(horn.machine, safe->invariant);
    told.witness = scripts(horn.machine.store, all);
  } else {
    told.safe = false;
    told.how = "the run replays";
    told.witness = story(horn.machine, std::get<safety::Unsafe>(decision.answer).run);
  }
  return told;
}

Told solved(interchange::Clauses& clauses, const std::string& text, const safety::Options& options) {
  const safety::ClauseDecision decision = safety::decide(clauses, text, options);
  Told told{std::nullopt, "", "", decision.engine, decision.searched, decision.checked};
  if (const auto* unknown = std::get_if<safety::Unknown>(&decision.answer)) {
    told.how = unknown->reason;
  } else if (const auto* satisfiable = std::get_if<safety::Satisfiable>(&decision.answer)) {
    told.safe = true;
    told.how = "the interpretation is accepted by " + by_whom(satisfiable->checked_by);
    const auto all = safety::conditions(clauses, satisfiable->interpretation);
    if (all) told.witness = scripts(clauses.store, *all);
  } else {
    told.safe = false;
    told.how = "the derivation replays";
    told.witness = story(clauses, std::get<safety::Unsatisfiable>(decision.answer).derivation);
  }
  return told;
}

}  // namespace

int run_solve(const SolveOptions& options) {
  auto problem = read_problem(options.file);
  if (!problem) return complain(problem.error(), kBadInput);
  safety::Options deciding;
  deciding.time = std::chrono::milliseconds(options.timeout_ms);
  deciding.memory_mib = options.memory_mib;
  deciding.seed = options.seed;
  const Told told =
      std::visit([&](auto& what) { return solved(what, problem->clauses, deciding); }, problem.value().what);
  const std::string times = " (searched " + std::to_string(told.searched.count()) + " ms, checked " +
                            std::to_string(told.checked.count()) + " ms)";
  if (!told.safe) {
    const int written = write_out("unknown\n", "");
    return written != kHolds ? written : complain(told.how + times, kUnknown);
  }
  const char* const words[2][2] = {{"unsafe\n", "safe\n"}, {"unsat\n", "sat\n"}};
  const int written = write_out(words[problem->is_horn ? 1 : 0][*told.safe ? 1 : 0], "");
  if (written != kHolds) return written;
  complain("found by " + told.engine + ", " + told.how + times, kHolds);
  if (!options.witness.empty()) {
    if (const int status = write_out(told.witness, options.witness); status != kHolds) return status;
  }
  return *told.safe ? kHolds : kViolated;
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
