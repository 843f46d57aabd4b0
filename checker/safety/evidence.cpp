#include "checker/safety/evidence.h"

#include <algorithm>
#include <set>
#include <utility>

#include "checker/machine/bits.h"
#include "checker/machine/unrolling.h"

namespace bulkhead::safety {

using machine::Machine;

TermId constant_facts(Machine& machine) {
  std::set<TermId> constant;
  for (const machine::Latch& latch : machine.state) {
    if (latch.next == latch.now) constant.insert(latch.now);
  }
  const term::Node initial = machine.store.at(machine.initial);
  std::vector<TermId> parts{machine.initial}, facts;
  if (initial.op == term::Op::And) parts = initial.args;
  for (const TermId part : parts) {
    const TermId roots[] = {part};
    const auto all = term::reachable(machine.store, roots);
    const bool only_constants = std::all_of(all.begin(), all.end(), [&](TermId id) {
      return machine.store.at(id).op != term::Op::Variable || constant.contains(id);
    });
    if (only_constants) facts.push_back(part);
  }
  return machine.store.conjunction(std::move(facts));
}

namespace {

std::vector<Condition> inductive(Machine& machine, TermId formula) {
  term::Store& store = machine.store;
  std::map<TermId, TermId> after;
  for (const machine::Latch& latch : machine.state) after.emplace(latch.now, latch.next);
  const TermId next = machine::substitute(store, formula, after);
  return {{"the invariant holds at first", {machine.initial, store.negation(formula)}},
          {"each step keeps the invariant", {formula, machine.allowed, store.negation(next)}},
          {"the invariant excludes what is bad", {formula, machine::any_bad(machine)}}};
}

std::vector<Condition> k_inductive(Machine& machine, const Invariant& invariant) {
  term::Store& store = machine.store;
  const TermId bad = machine::any_bad(machine);
  std::vector<Condition> made{{"what is known holds at first", {machine.initial, store.negation(invariant.formula)}}};
  std::map<TermId, TermId> after;
  for (const machine::Latch& latch : machine.state) after.emplace(latch.now, latch.next);
  made.push_back(
      {"each step keeps what is known",
       {invariant.formula, machine.allowed, store.negation(machine::substitute(store, invariant.formula, after))}});
  machine::Unrolling base(machine, "b"), step(machine, "k");
  std::vector<TermId> first{base.at(machine.initial)}, known{step.at(invariant.formula)};
  for (std::size_t i = 0; i < invariant.k; ++i) {
    std::vector<TermId> reached = first;
    reached.push_back(base.at(bad));
    made.push_back({"nothing is bad after " + std::to_string(i) + " steps", std::move(reached)});
    first.push_back(base.at(machine.allowed));
    base.extend();
    known.push_back(store.negation(step.at(bad)));
    known.push_back(step.at(machine.allowed));
    step.extend();
  }
  known.push_back(step.at(bad));
  made.push_back({"nothing is bad after " + std::to_string(invariant.k) + " states that are not", std::move(known)});
  return made;
}

Checked by_second_solver(const term::Store& store, const std::vector<Condition>& all,
                         const certificate::SolverOptions& options) {
  std::vector<std::string> texts;
  for (const Condition& condition : all) texts.push_back(term::to_smt2(store, condition.all));
  const auto answers = certificate::ask({texts.begin(), texts.end()}, options);
  if (!answers) return {answers.error().message(), Checker::SecondSolver, false};
  const auto first = [&](certificate::Answer answer) -> const Condition* {
    const auto found = std::find(answers->begin(), answers->end(), answer);
    return found == answers->end() ? nullptr : &all[static_cast<std::size_t>(found - answers->begin())];
  };
  if (const Condition* wrong = first(certificate::Answer::Sat)) return {"not so: " + wrong->label};
  const Condition* open = first(certificate::Answer::Unknown);
  if (open != nullptr) return {"the second solver does not know: " + open->label, Checker::SecondSolver, false};
  return {};
}

}  // namespace

bool with_integers(const term::Store& store, const std::vector<Condition>& all) {
  return std::any_of(all.begin(), all.end(), [&](const Condition& condition) {
    const auto parts = term::reachable(store, condition.all);
    return std::any_of(parts.begin(), parts.end(), [&](TermId id) {
      return store.sort(id) == term::kInt || store.sort(id).kind == term::Sort::Kind::Array;
    });
  });
}

Result<Refutation, std::string> refute(const term::Store& store, const Condition& condition) {
  auto clauses = machine::to_clauses(store, condition.all);
  if (!clauses) return fail(condition.label + ": " + clauses.error());
  auto proof = sat::refute(*clauses);
  if (!proof) return fail("not so: " + condition.label);
  if (const auto why = lrat::objection(*clauses, *proof)) return fail(condition.label + ": " + *why);
  return Refutation{std::move(clauses).value(), std::move(*proof)};
}

std::optional<std::string> objection(const term::Store& store, const Condition& condition, std::string_view proof) {
  const auto clauses = machine::to_clauses(store, condition.all);
  if (!clauses) return condition.label + ": " + clauses.error();
  const auto why = lrat::objection(*clauses, proof);
  return why ? std::optional(condition.label + ": " + *why) : std::nullopt;
}

Checked refuted(const term::Store& store, const std::vector<Condition>& all,
                const certificate::SolverOptions& options) {
  if (with_integers(store, all)) return by_second_solver(store, all, options);
  for (const Condition& condition : all) {
    const auto made = refute(store, condition);
    if (!made) return {made.error(), Checker::Clauses};
  }
  return {"", Checker::Clauses};
}

std::vector<Condition> conditions(Machine& machine, const Invariant& invariant) {
  return invariant.k == 0 ? inductive(machine, invariant.formula) : k_inductive(machine, invariant);
}

Checked check(Machine& machine, const Invariant& invariant, const certificate::SolverOptions& options) {
  if (invariant.k > machine::kMaxMoments) return {"k is out of range", Checker::Clauses};
  return refuted(machine.store, conditions(machine, invariant), options);
}

}  // namespace bulkhead::safety
