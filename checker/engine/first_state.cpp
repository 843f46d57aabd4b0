#include "checker/engine/first_state.h"

#include "checker/conditions/left_sides.h"
#include "checker/conditions/rank.h"

#include "checker/engine/induction.h"
#include "checker/engine/reach.h"
#include "lang/system/formula.h"

namespace bulkhead::engine {

std::variant<system::Run, verdict::Verdict> first_state(conditions::Terms& terms, ConditionSolver& solver,
                                                        const system::Bounds& bounds, const std::stop_token& stop) {
  const Validity none = solver.decide(conditions::no_initial_state(terms));
  if (std::holds_alternative<Valid>(none)) {
    return verdict::Verdict{verdict::Vacuous{"there is no initial state", 0, std::nullopt, std::nullopt}};
  }
  if (const auto* undecided = std::get_if<Undecided>(&none)) {
    return verdict::Verdict{verdict::Unknown{"whether there is an initial state: " + undecided->reason}};
  }
  const auto& found = std::get<Invalid>(none).counterexample;
  auto state = found ? initial_state(terms, *found) : std::nullopt;
  if (!bounds.sizes.empty()) {
    const Wanted any{terms.system(), terms.truth(true), bounds, stop};
    state = by_states(any, kSmallestScopes).run;
    if (!state) state = by_unrolling(any, kSmallestScopes).run;
  }
  if (!state) return verdict::Verdict{verdict::Unknown{"no initial state that can be written down was found"}};
  return std::move(*state);
}

std::optional<verdict::Verdict> find_witnesses(const system::System& system, const system::Theorem& theorem,
                                               const solver::Limits& limits, std::vector<system::Run>& witnesses) {
  conditions::Terms terms(system);
  ConditionSolver solver(terms, limits);
  auto start = first_state(terms, solver, theorem.bounds, limits.stop);
  if (auto* none = std::get_if<verdict::Verdict>(&start)) return std::move(*none);
  witnesses.push_back(std::get<system::Run>(std::move(start)));
  std::vector<system::TermId> sides;
  if (const auto* leads = std::get_if<system::LeadsTo>(&theorem.statement))
    sides.push_back(conditions::left_side(terms, *leads));
  else
    sides = conditions::left_sides(terms, conditions::claimed(terms, theorem).formula);
  return find_sides(terms, system.properties.size(), solver, sides, theorem.bounds, limits.stop, witnesses);
}

verdict::Conjunct source_of(const system::System& system, std::size_t written, std::size_t property) {
  const system::Property& one = system.properties[property];
  if (property < written) return {verdict::Conjunct::From::Property, one.name};
  return {verdict::Conjunct::From::Inferred, one.name, system::extracted(system, one.formula)};
}

namespace {

/// The properties of the system by which the formula is never true.
std::optional<verdict::InductiveEvidence> never_true(conditions::Terms& terms, std::size_t written,
                                                     ConditionSolver& solver, system::TermId formula) {
  std::vector<conditions::Conjunct> conjuncts;
  std::vector<verdict::Conjunct> sources;
  for (std::size_t i = 0; i < terms.system().properties.size(); ++i) {
    const system::Property& property = terms.system().properties[i];
    if (property.kind == system::PropertyKind::Assumption) continue;
    conjuncts.push_back({property.name, property.formula});
    sources.push_back(source_of(terms.system(), written, i));
  }
  const std::size_t wanted = conjuncts.size();
  conjuncts.push_back({"its left side is never true", terms.negation(formula)});
  sources.push_back({verdict::Conjunct::From::Claim, conjuncts.back().name});
  const Induction induction = induct(terms, solver, conjuncts);
  if (!induction.keeps(wanted)) return std::nullopt;
  verdict::InductiveEvidence evidence;
  for (const std::size_t index : needed(terms, solver, conjuncts, induction.kept, wanted)) {
    evidence.conjuncts.push_back(sources[index]);
  }
  return evidence;
}

}  // namespace

std::optional<verdict::Verdict> find_sides(conditions::Terms& terms, std::size_t written, ConditionSolver& solver,
                                           const std::vector<system::TermId>& sides, const system::Bounds& bounds,
                                           const std::stop_token& stop, std::vector<system::Run>& witnesses) {
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const Wanted wanted{terms.system(), sides[i], bounds, stop};
    Sought sought = by_states(wanted, kSmallestScopes);
    if (!sought.run) {
      if (auto never = never_true(terms, written, solver, sides[i])) {
        return verdict::Vacuous{"a left side of the claim is never true", i + 1, std::nullopt, std::move(*never)};
      }
      sought = find_run(terms, solver, wanted);
    }
    if (!sought.run) {
      return verdict::Unknown{"it holds, but no state was found in which its left side is true: " + sought.reason};
    }
    witnesses.push_back(std::move(*sought.run));
  }
  return std::nullopt;
}

solver::Limits stopped_by(const solver::Limits& limits, const std::stop_token& stop) {
  solver::Limits made = limits;
  made.stop = stop;
  return made;
}

}  // namespace bulkhead::engine
