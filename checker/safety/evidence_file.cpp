#include "checker/safety/evidence_file.h"

#include <charconv>
#include <utility>

#include "checker/interchange/definitions.h"
#include "checker/safety/decide_clauses.h"
#include "checker/safety/values.h"
#include "checker/term/smt2.h"

namespace bulkhead::safety {

using interchange::Clause;
using interchange::Clauses;
using interchange::Expressions;
using interchange::NodeId;
using machine::Machine;
using term::Word;

namespace {

/// Of k-induction: moments times the terms of the machine.
constexpr std::size_t kMaxUnrolled = std::size_t{1} << 26;
constexpr std::string_view kInvariant = "invariant";

const Machine& machine_of(const Problem& problem) {
  return problem.machine->machine;
}

// ---- writing

std::string definition(const term::Store& store, std::string_view name, const Meaning& meaning) {
  std::string text = "(define-fun " + symbol_text(name) + " (";
  for (const TermId parameter : meaning.parameters) {
    text +=
        (text.back() == '(' ? "(" : " (") + store.name(parameter) + " " + term::sort_text(store.sort(parameter)) + ")";
  }
  text += ") Bool\n  ";
  const auto spelled = [&](TermId id) {
    const TermId roots[] = {id};
    const term::Lets lets = term::lets(store, roots);
    return lets.open + lets.uses[0] + lets.close;
  };
  for (const interchange::IntegerDivision& one : meaning.divisions) {
    const std::string by = one.by < 0 ? "(- " + std::to_string(-one.by) + ")" : std::to_string(one.by);
    const std::string operands = spelled(one.of) + " " + by + ")";
    text += "(let ((" + store.name(one.quotient) + " (div " + operands + ") (" + store.name(one.rest) + " (mod " +
            operands + "))\n  ";
  }
  return text + spelled(meaning.formula) + std::string(meaning.divisions.size(), ')') + ")\n";
}

template <typename List, typename Text>
std::string listed(const List& list, Text text) {
  std::string made = "(";
  for (std::size_t i = 0; i < list.size(); ++i) made += (i == 0 ? "" : " ") + text(i);
  return made + ")";
}

std::vector<TermId> latches(const Machine& machine) {
  std::vector<TermId> list;
  for (const machine::Latch& latch : machine.state) list.push_back(latch.now);
  return list;
}

std::string names(const Machine& machine, const std::vector<TermId>& variables) {
  return listed(variables, [&](std::size_t i) { return machine.store.name(variables[i]); });
}

struct Writer {
  const Problem& problem;

  std::string operator()(const Invariant& invariant) const {
    const Machine& machine = machine_of(problem);
    return "(evidence 1 invariant " + std::to_string(invariant.k) + ")\n" +
           definition(machine.store, kInvariant, {latches(machine), invariant.formula});
  }
  std::string operator()(const machine::Run& run) const {
    const Machine& machine = machine_of(problem);
    std::string text = "(evidence 1 run)\n(state " + names(machine, latches(machine)) + ")\n(inputs " +
                       names(machine, machine.inputs) + ")\n";
    const auto values = [&](const std::vector<TermId>& variables, const std::vector<Word>& list) {
      return listed(list, [&](std::size_t i) { return value_text(list[i], machine.store.sort(variables[i])); });
    };
    for (const machine::Moment& moment : run.moments) {
      text += "(moment " + values(latches(machine), moment.state) + " " + values(machine.inputs, moment.inputs) + ")\n";
    }
    return text;
  }
  std::string operator()(const Interpretation& interpretation) const {
    return "(evidence 1 interpretation)\n" + definitions(*problem.clauses, interpretation);
  }
  std::string operator()(const Derivation& derivation) const {
    std::string text = "(evidence 1 derivation)\n";
    for (const Step& step : derivation.steps) {
      const Clause& clause = problem.clauses->clauses[step.clause];
      const std::vector<TermId> variables(clause.variables.begin(), clause.variables.end());
      text += "(step " + std::to_string(step.clause) + " " +
              listed(step.values,
                     [&](std::size_t i) {
                       return value_text(step.values[i], problem.clauses->store.sort(variables[i]), derivation.arrays);
                     }) +
              " " + listed(step.premises, [&](std::size_t i) { return std::to_string(step.premises[i]); }) +
              ")  ; line " + std::to_string(clause.place.line) + "\n";
    }
    return text;
  }
};

// ---- reading

class Reader {
 public:
  Reader(Problem& problem, const Expressions& text, std::string_view bytes)
      : problem_(problem), text_(text), bytes_(bytes) {}

  Result<Evidence, std::string> read() {
    if (text_.roots().empty()) return fail(std::string("it is empty"));
    const NodeId first = text_.roots().front();
    const auto& items = text_.at(first).items;
    const bool begins = text_.begins(first, "evidence") && items.size() >= 3 && text_.is(items[1], "1");
    if (!begins) return wrong(first, "it does not begin with (evidence 1 ...)");
    if (text_.is(items[2], "invariant") && items.size() == 4) return invariant(items[3]);
    if (items.size() != 3) return wrong(first, "this is no evidence that is known");
    if (text_.is(items[2], "run")) return run();
    if (text_.is(items[2], "interpretation")) return interpretation();
    if (text_.is(items[2], "derivation")) return derivation();
    return wrong(first, "this is no evidence that is known");
  }

 private:
  Failure<std::string> wrong(NodeId id, const std::string& reason) const {
    const interchange::Place place = text_.place(id);
    return fail(std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + reason);
  }
  std::optional<std::size_t> number(NodeId id) const {
    const std::string_view digits = text_.at(id).text;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || digits.empty() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
  }
  /// A list of values for these variables.
  std::optional<std::vector<Word>> values(NodeId id, const term::Store& store, const std::vector<TermId>& of,
                                          term::Arrays& arrays) const {
    const interchange::Expression& node = text_.at(id);
    if (!node.list || node.items.size() != of.size()) return std::nullopt;
    std::vector<Word> list;
    for (std::size_t i = 0; i < of.size(); ++i) {
      const auto value = read_value(text_, node.items[i], store.sort(of[i]), arrays);
      if (!value) return std::nullopt;
      list.push_back(*value);
    }
    return list;
  }
  /// `(WORD (NAME ...))` with the names of these variables.
  bool lists(NodeId id, std::string_view word, const std::vector<TermId>& variables) const {
    if (!text_.begins(id, word) || text_.at(id).items.size() != 2) return false;
    const interchange::Expression& list = text_.at(text_.at(id).items[1]);
    bool same = list.list && list.items.size() == variables.size();
    for (std::size_t i = 0; same && i < variables.size(); ++i) {
      same = text_.is(list.items[i], machine_of(problem_).store.name(variables[i]));
    }
    return same;
  }

  Result<Evidence, std::string> invariant(NodeId k) {
    if (!problem_.machine) return wrong(k, "the clauses are no machine, of which there are invariants");
    Machine& machine = problem_.machine->machine;
    const auto depth = number(k);
    if (!depth || *depth > kMaxUnrolled / machine.store.size()) return wrong(k, "this is no depth of an induction");
    auto definitions = interchange::Definitions::read(text_, machine.store);
    if (!definitions || !definitions->has(kInvariant)) return wrong(k, "no invariant is defined");
    const auto formula = definitions->plain(kInvariant, latches(machine));
    if (!formula) return wrong(k, "the invariant is no formula over the state");
    return Evidence(Invariant{*formula, *depth});
  }

  Result<Evidence, std::string> run() {
    const auto& roots = text_.roots();
    if (!problem_.machine) return wrong(roots[0], "the clauses are no machine, of which there are runs");
    const Machine& machine = machine_of(problem_);
    if (roots.size() < 3 || !lists(roots[1], "state", latches(machine)) || !lists(roots[2], "inputs", machine.inputs)) {
      return wrong(roots[0], "the run has another state, or other inputs");
    }
    machine::Run made;
    term::Arrays none;
    for (std::size_t i = 3; i < roots.size(); ++i) {
      const auto& items = text_.at(roots[i]).items;
      if (!text_.begins(roots[i], "moment") || items.size() != 3) return wrong(roots[i], "a moment is needed here");
      auto state = values(items[1], machine.store, latches(machine), none);
      auto inputs = values(items[2], machine.store, machine.inputs, none);
      if (!state || !inputs) return wrong(roots[i], "a moment has a value for each variable");
      made.moments.push_back({std::move(*state), std::move(*inputs)});
    }
    return Evidence(std::move(made));
  }

  Result<Evidence, std::string> interpretation() {
    if (!problem_.clauses) return wrong(text_.roots()[0], "a machine has no relations");
    auto made = read_interpretation(*problem_.clauses, bytes_, interchange::Missing::Nowhere);
    if (!made) return wrong(text_.roots()[0], "a relation is not defined in words that are read");
    return Evidence(std::move(*made));
  }

  Result<Evidence, std::string> derivation() {
    const auto& roots = text_.roots();
    if (!problem_.clauses) return wrong(roots[0], "a machine has no clauses");
    Derivation made;
    for (std::size_t i = 1; i < roots.size(); ++i) {
      const auto& items = text_.at(roots[i]).items;
      if (!text_.begins(roots[i], "step") || items.size() != 4) return wrong(roots[i], "a step is needed here");
      const auto clause = number(items[1]);
      if (!clause || *clause >= problem_.clauses->clauses.size()) return wrong(items[1], "there is no such clause");
      const auto& variables = problem_.clauses->clauses[*clause].variables;
      auto list = values(items[2], problem_.clauses->store, {variables.begin(), variables.end()}, made.arrays);
      if (!list) return wrong(items[2], "a step has a value for each variable of its clause");
      Step step{*clause, std::move(*list), {}};
      for (const NodeId premise : text_.at(items[3]).items) {
        const auto place = number(premise);
        if (!place) return wrong(premise, "a premise is the number of a step");
        step.premises.push_back(*place);
      }
      made.steps.push_back(std::move(step));
    }
    return Evidence(std::move(made));
  }

  Problem& problem_;
  const Expressions& text_;
  std::string_view bytes_;
};

}  // namespace

bool claims_safety(const Evidence& evidence) {
  return std::holds_alternative<Invariant>(evidence) || std::holds_alternative<Interpretation>(evidence);
}

std::string definitions(const Clauses& clauses, const Interpretation& interpretation) {
  std::string text;
  for (std::size_t i = 0; i < interpretation.relations.size(); ++i) {
    text += definition(clauses.store, clauses.relations[i], interpretation.relations[i]);
  }
  return text;
}

std::string write_evidence(const Problem& problem, const Evidence& evidence) {
  return std::visit(Writer{problem}, evidence);
}

Result<Evidence, std::string> read_evidence(Problem& problem, std::string_view text) {
  const auto expressions = Expressions::read(text);
  if (!expressions) {
    const interchange::TextError& error = expressions.error();
    return fail(std::to_string(error.place.line) + ":" + std::to_string(error.place.column) + ": " + error.reason);
  }
  return Reader(problem, *expressions, text).read();
}

Result<std::vector<Condition>, std::string> conditions(Problem& problem, const Evidence& evidence) {
  if (const auto* invariant = std::get_if<Invariant>(&evidence)) {
    return conditions(problem.machine->machine, *invariant);
  }
  return conditions(*problem.clauses, std::get<Interpretation>(evidence));
}

const term::Store& arena(const Problem& problem, const Evidence& evidence) {
  return std::holds_alternative<Invariant>(evidence) ? machine_of(problem).store : problem.clauses->store;
}

std::optional<std::string> objection(const Problem& problem, const Evidence& evidence) {
  if (const auto* run = std::get_if<machine::Run>(&evidence)) return machine::objection(machine_of(problem), *run);
  return objection(*problem.clauses, std::get<Derivation>(evidence));
}

}  // namespace bulkhead::safety
