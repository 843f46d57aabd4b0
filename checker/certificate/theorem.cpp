#include "checker/certificate/theorem.h"

#include <algorithm>

#include "checker/certificate/condition_smtlib.h"
#include "checker/conditions/left_sides.h"
#include "checker/conditions/unwinding.h"
#include "lang/system/replay.h"

namespace bulkhead::certificate {
namespace {

using conditions::Condition;
using conditions::Conjunct;
using conditions::Terms;
using From = verdict::Conjunct::From;
using Scripts = Result<std::vector<std::string>, std::string>;

/// What a conjunct of the evidence stands for. Assumptions are no conjuncts: they are hypotheses already.
Result<Conjunct, std::string> meaning(const Terms& terms, const verdict::Conjunct& conjunct, const Conjunct& claim) {
  if (conjunct.from == From::Claim) return claim;
  for (const system::Property& property : terms.system().properties) {
    if (property.kind != system::PropertyKind::Assumption && property.name == conjunct.text) {
      return Conjunct{property.name, property.formula};
    }
  }
  return fail("the system has no invariant or lemma `" + conjunct.text + "`");
}

/// The run replays, and the formula is true in its last state.
bool leads_to(const system::System& system, const system::Run& run, std::optional<system::TermId> formula) {
  if (!system::is_tabular(system)) return false;
  const system::Replayed replayed = system::replay(system, run);
  if (replayed.objection || replayed.states.empty()) return false;
  return !formula || system::holds(system, run.scope, replayed.states.back(), *formula, {}) == system::Answer::Yes;
}

void print(const Terms& terms, const std::vector<Condition>& needed, std::vector<std::string>& scripts) {
  for (const Condition& condition : needed) {
    if (!condition.trivial) scripts.push_back(to_smtlib(terms, condition));
  }
}

/// What has to be valid for the conjuncts to hold in every reachable state: base and step. None is left out because
/// somebody else has decided it. `conjuncts` is filled in.
Scripts inductive(Terms& terms, const Conjunct& claim, const verdict::InductiveEvidence& evidence,
                  std::vector<Conjunct>& conjuncts) {
  for (const verdict::Conjunct& conjunct : evidence.conjuncts) {
    auto known = meaning(terms, conjunct, claim);
    if (!known) return fail(known.error());
    conjuncts.push_back(std::move(known).value());
  }
  std::vector<Condition> needed;
  for (const Conjunct& conjunct : conjuncts) {
    needed.push_back(conditions::base(terms, conjunct));
    for (std::size_t i = 0; i < terms.system().actions.size(); ++i) {
      needed.push_back(conditions::step(terms, conjuncts, system::ActionId{i}, conjunct));
    }
  }
  std::vector<std::string> scripts;
  print(terms, needed, scripts);
  return scripts;
}

/// And what has to be valid for the claim to follow from them.
Scripts invariant(Terms& terms, const Conjunct& claim, const verdict::InductiveEvidence& evidence) {
  std::vector<Conjunct> conjuncts;
  auto scripts = inductive(terms, claim, evidence, conjuncts);
  if (scripts) print(terms, {conditions::implication(terms, conjuncts, claim)}, scripts.value());
  return scripts;
}

/// The conjuncts are properties of the system; the claim is not about single states, and is none of them.
Scripts leaks_nothing(const system::System& system, const system::LeaksNothing& claim,
                      const verdict::InductiveEvidence& evidence) {
  Terms terms(system);
  const auto claims = [](const verdict::Conjunct& conjunct) { return conjunct.from == From::Claim; };
  if (std::any_of(evidence.conjuncts.begin(), evidence.conjuncts.end(), claims)) {
    return fail(std::string("a conjunct that is no property of the system"));
  }
  const Conjunct anything{"anything", terms.truth(true)};
  if (evidence.witnesses.size() != 1 || !leads_to(system, evidence.witnesses[0], std::nullopt)) {
    return fail(std::string("no initial state"));
  }
  std::vector<Conjunct> conjuncts;
  auto scripts = inductive(terms, anything, evidence, conjuncts);
  if (scripts) print(terms, conditions::unwinding(terms, conjuncts, claim), scripts.value());
  return scripts;
}

/// The first witness is an initial state, the others lead to the left sides of the claim.
std::optional<std::string> check_witnesses(Terms& terms, const Conjunct& claim,
                                           const std::vector<system::Run>& witnesses) {
  if (!system::is_tabular(terms.system())) return "a system whose states cannot be written down";
  const auto sides = conditions::left_sides(terms, claim.formula);
  if (witnesses.size() != sides.size() + 1) return "not one witness for each left side of the claim";
  if (!leads_to(terms.system(), witnesses[0], std::nullopt)) return "a first state that is none";
  for (std::size_t i = 0; i < sides.size(); ++i) {
    if (!leads_to(terms.system(), witnesses[i + 1], sides[i])) {
      return "a run that does not lead to a left side of the claim";
    }
  }
  return std::nullopt;
}

Scripts of_holds(const system::System& system, const obligation::Theorem& goal, const verdict::Holds& holds) {
  const auto* evidence = std::get_if<verdict::InductiveEvidence>(&holds.certificate.evidence);
  const auto* leaks = std::get_if<system::LeaksNothing>(&goal.theorem.statement);
  if (evidence != nullptr && leaks != nullptr) return leaks_nothing(system, *leaks, *evidence);
  if (evidence == nullptr || !conditions::is_invariant(goal.theorem)) {
    return fail(std::string("evidence of another kind than the claim needs"));
  }
  Terms terms(system);
  const Conjunct claim = conditions::claimed(terms, goal.theorem);
  if (auto objection = check_witnesses(terms, claim, evidence->witnesses)) return fail(*objection);
  return invariant(terms, claim, *evidence);
}

Scripts of_violated(const system::System& system, const obligation::Theorem& goal, const verdict::Violated& violated) {
  const auto& runs = violated.trace.runs;
  const bool leaks = std::holds_alternative<system::LeaksNothing>(goal.theorem.statement);
  if (runs.size() != (leaks ? 2 : 1)) return fail(std::string("another number of runs than the claim needs"));
  const auto objection = leaks ? system::replay_leak(system, goal.theorem, runs[0], runs[1])
                               : system::replay_violation(system, goal.theorem, runs[0]);
  if (objection) return fail(*objection);
  return std::vector<std::string>();
}

Scripts of_vacuous(const system::System& system, const obligation::Theorem& goal, const verdict::Vacuous& vacuous) {
  Terms terms(system);
  if (vacuous.which == 0) {
    const Condition condition = conditions::no_initial_state(terms);
    return std::vector<std::string>{to_smtlib(terms, condition)};
  }
  if (!conditions::is_invariant(goal.theorem)) return fail(std::string("a claim without left sides"));
  const auto sides = conditions::left_sides(terms, conditions::claimed(terms, goal.theorem).formula);
  if (vacuous.which > sides.size() || !vacuous.inductive) return fail(std::string("no evidence of vacuity"));
  const Conjunct never{"never", terms.negation(sides[vacuous.which - 1])};
  return invariant(terms, never, *vacuous.inductive);
}

}  // namespace

Scripts theorem_scripts(const ir::World& world, const obligation::Theorem& goal, const verdict::Verdict& verdict) {
  const system::System& system = world.at(goal.system);
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) return of_holds(system, goal, *holds);
  if (const auto* violated = std::get_if<verdict::Violated>(&verdict)) return of_violated(system, goal, *violated);
  if (const auto* vacuous = std::get_if<verdict::Vacuous>(&verdict)) return of_vacuous(system, goal, *vacuous);
  return fail("nobody knows: " + std::get<verdict::Unknown>(verdict).reason);
}

const std::vector<std::string>* scripts_of(const verdict::Verdict& verdict) {
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) {
    const auto* evidence = std::get_if<verdict::InductiveEvidence>(&holds->certificate.evidence);
    return evidence == nullptr ? nullptr : &evidence->scripts;
  }
  const auto* vacuous = std::get_if<verdict::Vacuous>(&verdict);
  return vacuous == nullptr || !vacuous->inductive ? nullptr : &vacuous->inductive->scripts;
}

}  // namespace bulkhead::certificate
