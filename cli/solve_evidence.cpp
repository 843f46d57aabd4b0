#include "cli/solve_evidence.h"

#include "checker/safety/values.h"

namespace bulkhead::cli {

using safety::value_text;

namespace {

/// What the step derives: `fib(3, 2)`.
std::string fact_text(const interchange::Clauses& clauses, const interchange::Clause& clause, const safety::Step& step,
                      term::Arrays& arrays) {
  if (!clause.head.valid()) return "false";
  term::Assignment assignment;
  std::size_t next = 0;
  for (const term::TermId variable : clause.variables) assignment.emplace(variable, step.values[next++]);
  const auto& args = clauses.store.at(clause.head).args;
  const auto values = term::evaluate(clauses.store, args, assignment, &arrays);
  std::string text = clauses.relations[clauses.relation(clause.head)] + "(";
  for (std::size_t i = 0; values && i < args.size(); ++i) {
    text += (i == 0 ? "" : ", ") + value_text(values->at(i), clauses.store.sort(args[i]), arrays);
  }
  return text + ")";
}

}  // namespace

std::string story(const machine::Machine& machine, const machine::Run& run) {
  std::string text;
  for (std::size_t at = 0; at < run.moments.size(); ++at) {
    text += "#" + std::to_string(at);
    const machine::Moment& moment = run.moments[at];
    for (std::size_t i = 0; i < moment.state.size(); ++i) {
      if (at > 0 && run.moments[at - 1].state[i] == moment.state[i]) continue;
      const term::TermId latch = machine.state[i].now;
      text += " " + machine.store.name(latch) + "=" + value_text(moment.state[i], machine.store.sort(latch));
    }
    for (std::size_t i = 0; i < moment.inputs.size(); ++i) {
      text += (i == 0 ? " @ " : " ") + machine.store.name(machine.inputs[i]) + "=" +
              value_text(moment.inputs[i], machine.store.sort(machine.inputs[i]));
    }
    text += "\n";
  }
  return text + "bad: " + machine.bad[machine::violated(machine, run)].name + "\n";
}

std::string story(const interchange::Clauses& clauses, const safety::Derivation& derivation) {
  std::string text;
  term::Arrays arrays = derivation.arrays;
  for (std::size_t at = 0; at < derivation.steps.size(); ++at) {
    const safety::Step& step = derivation.steps[at];
    const interchange::Clause& clause = clauses.clauses[step.clause];
    text += "#" + std::to_string(at) + " " + fact_text(clauses, clause, step, arrays) + " by the clause of line " +
            std::to_string(clause.place.line);
    for (std::size_t i = 0; i < step.premises.size(); ++i) {
      text += (i == 0 ? " from #" : ", #") + std::to_string(step.premises[i]);
    }
    text += "\n";
  }
  return text;
}

std::string scripts(const term::Store& store, const std::vector<safety::Condition>& conditions) {
  std::string text;
  for (const safety::Condition& condition : conditions) {
    text += (text.empty() ? "; " : "(reset)\n; ") + condition.label + "\n(set-info :status unsat)\n" +
            term::to_smt2(store, condition.all);
  }
  return text;
}

std::string witness(safety::Problem& problem, const safety::Evidence& evidence) {
  if (const auto* run = std::get_if<machine::Run>(&evidence)) return story(problem.machine->machine, *run);
  if (const auto* derivation = std::get_if<safety::Derivation>(&evidence)) return story(*problem.clauses, *derivation);
  const auto all = safety::conditions(problem, evidence);
  return all ? scripts(safety::arena(problem, evidence), *all) : "";
}

}  // namespace bulkhead::cli
