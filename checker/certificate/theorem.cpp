#include "checker/certificate/theorem.h"

#include <algorithm>

#include "checker/certificate/condition_smtlib.h"
#include "checker/certificate/refuted.h"
#include "checker/conditions/left_sides.h"
#include "checker/conditions/rank.h"
#include "checker/conditions/rounds.h"
#include "checker/conditions/unwinding.h"
#include "checker/conditions/within.h"
#include "checker/finite/evidence.h"
#include "lang/system/exhaust.h"
#include "lang/system/formula.h"
#include "lang/system/replay.h"

namespace bulkhead::certificate {
namespace {

using conditions::Condition;
using conditions::Conjunct;
using conditions::Terms;
using From = verdict::Conjunct::From;
using Conditions = Result<Needed, std::string>;

/// The system with the formulas that the evidence brings, which are judged as if somebody had written them.
Result<system::System, std::string> strengthened(const system::System& system,
                                                 const std::vector<verdict::Conjunct>& conjuncts) {
  std::vector<system::NamedFormula> inferred;
  for (const verdict::Conjunct& one : conjuncts) {
    if (one.from == From::Inferred) inferred.push_back({one.text, one.formula});
  }
  return system::with_lemmas(system, inferred);
}

/// What the conjuncts of the evidence stand for in the strengthened system; `written` is how many properties the system
/// has itself. Assumptions are no conjuncts: they are hypotheses already. Without `claim` none may be the claim.
Result<std::vector<Conjunct>, std::string> meanings(const Terms& terms, std::size_t written,
                                                    const std::vector<verdict::Conjunct>& conjuncts,
                                                    const Conjunct* claim) {
  const auto& properties = terms.system().properties;
  std::vector<Conjunct> list;
  std::size_t inferred = written;
  for (const verdict::Conjunct& one : conjuncts) {
    switch (one.from) {
      case From::Claim:
        if (claim == nullptr) return fail(std::string("a conjunct that is no property of the system"));
        list.push_back(*claim);
        break;
      case From::Inferred:
        list.push_back({one.text, properties.at(inferred++).formula});
        break;
      case From::Property: {
        const auto end = properties.begin() + static_cast<std::ptrdiff_t>(written);
        const auto found = std::find_if(properties.begin(), end, [&](const system::Property& property) {
          return property.kind != system::PropertyKind::Assumption && property.name == one.text;
        });
        if (found == end) return fail("the system has no invariant or lemma `" + one.text + "`");
        list.push_back({found->name, found->formula});
        break;
      }
    }
  }
  return list;
}

/// The scope has the sizes that the bounds name, and the run is no longer than they say.
bool keeps_to(const system::Bounds& bounds, const system::Run& run) {
  if (bounds.steps && run.steps.size() > *bounds.steps) return false;
  return std::all_of(bounds.sizes.begin(), bounds.sizes.end(), [&](const auto& bound) {
    return bound.first.index() < run.scope.sizes.size() && run.scope.sizes[bound.first.index()] == bound.second;
  });
}

/// The run replays, and the formula is true in its last state.
bool leads_to(const system::System& system, const system::Run& run, std::optional<system::TermId> formula) {
  if (!system::is_tabular(system)) return false;
  const system::Replayed replayed = system::replay(system, run);
  if (replayed.objection || replayed.states.empty()) return false;
  return !formula || system::holds(system, run.scope, replayed.states.back(), *formula, {}) == system::Answer::Yes;
}

/// Terms of their own for the conditions of one check.
Needed made_of(const system::System& system) {
  return {std::make_shared<Terms>(system), {}};
}

void add(Needed& needed, const std::vector<Condition>& conditions) {
  for (const Condition& condition : conditions) {
    if (!condition.trivial) needed.conditions.push_back(condition);
  }
}

/// What has to be valid for the conjuncts to hold in every reachable state: base and step. None is left out because
/// somebody else has decided it.
void add_inductive(Needed& needed, const std::vector<Conjunct>& conjuncts) {
  Terms& terms = *needed.terms;
  for (const Conjunct& conjunct : conjuncts) {
    add(needed, {conditions::base(terms, conjunct)});
    for (std::size_t i = 0; i < terms.system().actions.size(); ++i) {
      add(needed, {conditions::step(terms, conjuncts, system::ActionId{i}, conjunct)});
    }
  }
}

/// And what has to be valid for the claim to follow from them.
Conditions invariant(Needed needed, std::size_t written, const Conjunct& claim,
                     const std::vector<verdict::Conjunct>& evidence) {
  const auto conjuncts = meanings(*needed.terms, written, evidence, &claim);
  if (!conjuncts) return fail(conjuncts.error());
  add_inductive(needed, *conjuncts);
  add(needed, {conditions::implication(*needed.terms, *conjuncts, claim)});
  return needed;
}

/// The conjuncts are formulas of the system; the claim is not about single states, and is none of them.
Conditions leaks_nothing(Needed needed, std::size_t written, const system::LeaksNothing& claim,
                         const verdict::InductiveEvidence& evidence) {
  Terms& terms = *needed.terms;
  const auto conjuncts = meanings(terms, written, evidence.conjuncts, nullptr);
  if (!conjuncts) return fail(conjuncts.error());
  if (evidence.witnesses.size() != 1 || !leads_to(terms.system(), evidence.witnesses[0], std::nullopt)) {
    return fail(std::string("no initial state"));
  }
  add_inductive(needed, *conjuncts);
  add(needed, conditions::unwinding(terms, *conjuncts, claim));
  return needed;
}

/// What a claim takes for given, each of which has to be possible.
std::vector<system::TermId> taken_for_given(Terms& terms, const system::Theorem& theorem) {
  if (const auto* leads = std::get_if<system::LeadsTo>(&theorem.statement))
    return {conditions::left_side(terms, *leads)};
  return conditions::left_sides(terms, conditions::claimed(terms, theorem).formula);
}

/// The first witness is an initial state, the others lead to what the claim takes for given. All keep to its bounds.
std::optional<std::string> check_witnesses(Terms& terms, const system::Theorem& theorem,
                                           const std::vector<system::Run>& witnesses) {
  if (!system::is_tabular(terms.system())) return "a system whose states cannot be written down";
  const auto sides = taken_for_given(terms, theorem);
  if (witnesses.size() != sides.size() + 1) return "not one witness for each left side of the claim";
  for (const system::Run& witness : witnesses) {
    if (!keeps_to(theorem.bounds, witness)) return "a witness beyond the bounds of the claim";
  }
  if (!leads_to(terms.system(), witnesses[0], std::nullopt)) return "a first state that is none";
  for (std::size_t i = 0; i < sides.size(); ++i) {
    if (!leads_to(terms.system(), witnesses[i + 1], sides[i])) {
      return "a run that does not lead to a left side of the claim";
    }
  }
  return std::nullopt;
}

/// More steps than this are not looked at: the conditions are made again.
constexpr std::uint32_t kMaxSteps = 64;

/// A claim about the first steps, for sorts of any size.
Conditions in_first_steps(const system::System& system, const system::Theorem& theorem,
                          const verdict::ScopeEvidence& evidence) {
  if (!theorem.bounds.steps || *theorem.bounds.steps > kMaxSteps || !conditions::is_invariant(theorem)) {
    return fail(std::string("evidence about the first steps, for a claim that is not about them"));
  }
  Needed needed = made_of(system);
  Terms& terms = *needed.terms;
  if (auto objection = check_witnesses(terms, theorem, evidence.witnesses)) return fail(*objection);
  const auto steps = conditions::within(terms, conditions::claimed(terms, theorem), *theorem.bounds.steps);
  if (!steps) return fail(std::string("conditions that are too large"));
  add(needed, *steps);
  return needed;
}

/// The states of the scope that the claim's bounds name, for claims about single states within the steps that they
/// name.
Result<system::Reachable, std::string> enumerated(const system::System& system, const system::Theorem& theorem) {
  const auto scope = system::scope_named(system, theorem.bounds);
  if (!scope) return fail(std::string("evidence about one scope, for a claim that names none"));
  const bool is_about_states = conditions::is_invariant(theorem);
  return system::enumerate(system, *scope, is_about_states ? theorem.bounds.steps : std::nullopt);
}

/// Every state is looked at again; no solver is asked.
Conditions by_enumeration(const system::System& system, const system::Theorem& theorem,
                          const verdict::ScopeEvidence& evidence, std::size_t states) {
  if (evidence.k != 0 || evidence.proofs.size() != 1 || !evidence.excluded.empty()) {
    return fail(std::string("an enumeration, with evidence of another kind"));
  }
  const auto reachable = enumerated(system, theorem);
  if (!reachable) return fail(reachable.error());
  if (reachable->states.size() != states) return fail(std::string("another number of states"));
  const bool leaks = std::holds_alternative<system::LeaksNothing>(theorem.statement);
  Terms terms(system);
  const auto& witnesses = evidence.witnesses;
  const bool starts =
      witnesses.size() == 1 && keeps_to(theorem.bounds, witnesses[0]) && leads_to(system, witnesses[0], std::nullopt);
  if (leaks && !starts) return fail(std::string("no initial state"));
  if (!leaks) {
    if (auto objection = check_witnesses(terms, theorem, witnesses)) return fail(*objection);
  }
  if (auto objection = system::exhaust_objection(system, theorem, *reachable)) return fail(*objection);
  return Needed();
}

/// Everything is checked at once: what is left over has no scripts.
Conditions in_scope(const system::System& system, const system::Theorem& theorem,
                    const verdict::ScopeEvidence& evidence) {
  if (evidence.k == 0 && evidence.proofs.empty()) return in_first_steps(system, theorem, evidence);
  const auto states = evidence.proofs.empty() ? std::nullopt : system::read_enumeration(evidence.proofs.front());
  if (states) return by_enumeration(system, theorem, evidence, *states);
  if (std::holds_alternative<system::LeaksNothing>(theorem.statement)) {
    return fail(std::string("evidence of another kind than the claim needs"));
  }
  const auto question = scope_question(system, theorem, evidence);
  if (!question.ok()) return fail(question.error());
  Terms terms(system);
  if (auto objection = check_witnesses(terms, theorem, evidence.witnesses)) return fail(*objection);
  const auto objection =
      finite::objection(*question->system, question->scope, question->claim, question->evidence, question->steps);
  if (objection) return fail(*objection);
  return Needed();
}

/// `forall each. body`, with the variables of the claim for its own: the body.
Result<system::TermId, std::string> body_of(Terms& terms, system::TermId closed, const system::LeadsTo& claim) {
  if (claim.each.empty()) return closed;
  const system::Term all = terms.at(closed);
  if (all.op != system::Op::ForAll || all.binders.size() != claim.each.size()) {
    return fail(std::string("what is pending does not speak of the variables of the claim"));
  }
  conditions::Substitution variables;
  for (std::size_t i = 0; i < claim.each.size(); ++i) {
    if (terms.system().at(all.binders[i]).type != terms.system().at(claim.each[i]).type) {
      return fail(std::string("what is pending speaks of variables of other types"));
    }
    variables.emplace(all.binders[i], terms.bound(claim.each[i]));
  }
  return conditions::instantiate(terms, all.args[0], variables);
}

/// The measure of `0 <= measure`.
Result<system::TermId, std::string> measure_of(Terms& terms, system::TermId closed, const system::LeadsTo& claim) {
  const auto body = body_of(terms, closed, claim);
  if (!body) return fail(body.error());
  const system::Term bound = terms.at(*body);
  const auto is_zero = [&](system::TermId id) {
    const system::Term& term = terms.at(id);
    return term.op == system::Op::Constant && term.type == system::kInt && term.value == 0;
  };
  if (bound.op != system::Op::LessEqual || !is_zero(bound.args[0]))
    return fail(std::string("a measure that is not said to be 0 or more"));
  return bound.args[1];
}

Conditions by_rank(const system::System& system, const system::Theorem& theorem,
                   const verdict::RankEvidence& evidence) {
  const auto& claim = std::get<system::LeadsTo>(theorem.statement);
  const auto larger = strengthened(system, evidence.conjuncts);
  if (!larger) return fail(larger.error());
  std::vector<system::NamedFormula> further{{"pending", evidence.pending}};
  for (const system::Formula& measure : evidence.measures) further.push_back({"measure", measure});
  const auto with_progress = system::with_lemmas(*larger, further);
  if (!with_progress) return fail(with_progress.error());
  const auto said = with_progress->properties.end() - static_cast<std::ptrdiff_t>(further.size());
  Needed needed = made_of(*with_progress);
  Terms& terms = *needed.terms;
  if (auto objection = check_witnesses(terms, theorem, evidence.witnesses)) return fail(*objection);
  const auto conjuncts = meanings(terms, system.properties.size(), evidence.conjuncts, nullptr);
  if (!conjuncts) return fail(conjuncts.error());
  const auto pending = body_of(terms, said[0].formula, claim);
  if (!pending) return fail(pending.error());
  conditions::Progress progress{*pending};
  for (std::size_t i = 1; i < further.size(); ++i) {
    const auto measure = measure_of(terms, said[static_cast<std::ptrdiff_t>(i)].formula, claim);
    if (!measure) return fail(measure.error());
    progress.measures.push_back(*measure);
  }
  for (const auto& help : evidence.order) progress.order.push_back({help.fair, help.arguments});
  const auto ranked = conditions::rank(terms, *conjuncts, claim, progress);
  if (!ranked) return fail(ranked.error());
  add_inductive(needed, *conjuncts);
  add(needed, *ranked);
  return needed;
}

/// The conjuncts are formulas of the system that counts rounds; that it never comes to all of them is the claim there.
Conditions by_rounds(const system::System& system, const system::Theorem& theorem,
                     const verdict::InductiveEvidence& evidence) {
  const auto counted = conditions::rounds(system, std::get<system::LeadsTo>(theorem.statement));
  if (!counted) return fail(counted.error());
  Terms original(system);
  if (auto objection = check_witnesses(original, theorem, evidence.witnesses)) return fail(*objection);
  const auto larger = strengthened(counted->system, evidence.conjuncts);
  if (!larger) return fail(larger.error());
  Needed needed = made_of(*larger);
  const Conjunct claim{"rounds", needed.terms->negation(counted->past.back())};
  return invariant(needed, system.properties.size(), claim, evidence.conjuncts);
}

Conditions of_holds(const system::System& system, const obligation::Theorem& goal, const verdict::Holds& holds) {
  const system::Theorem& theorem = goal.theorem;
  const verdict::Evidence& given = holds.certificate.evidence;
  const auto* evidence = std::get_if<verdict::InductiveEvidence>(&given);
  const auto* leaks = std::get_if<system::LeaksNothing>(&theorem.statement);
  const bool leads = std::holds_alternative<system::LeadsTo>(theorem.statement);
  if (const auto* scope = std::get_if<verdict::ScopeEvidence>(&given); scope != nullptr) {
    return in_scope(system, theorem, *scope);
  }
  if (const auto* rank = std::get_if<verdict::RankEvidence>(&given); rank != nullptr && leads) {
    return by_rank(system, theorem, *rank);
  }
  if (evidence != nullptr && leads) return by_rounds(system, theorem, *evidence);
  if (evidence == nullptr) return fail(std::string("evidence of another kind than the claim needs"));
  const auto larger = strengthened(system, evidence->conjuncts);
  if (!larger) return fail(larger.error());
  Needed needed = made_of(*larger);
  Terms& terms = *needed.terms;
  if (leaks != nullptr) return leaks_nothing(std::move(needed), system.properties.size(), *leaks, *evidence);
  if (auto objection = check_witnesses(terms, theorem, evidence->witnesses)) return fail(*objection);
  return invariant(needed, system.properties.size(), conditions::claimed(terms, theorem), evidence->conjuncts);
}

Conditions of_violated(const system::System& system, const obligation::Theorem& goal,
                       const verdict::Violated& violated) {
  const auto& runs = violated.trace.runs;
  const bool leaks = std::holds_alternative<system::LeaksNothing>(goal.theorem.statement);
  if (runs.size() != (leaks ? 2 : 1)) return fail(std::string("another number of runs than the claim needs"));
  const auto objection = leaks ? system::replay_leak(system, goal.theorem, runs[0], runs[1])
                               : system::replay_violation(system, goal.theorem, runs[0]);
  if (objection) return fail(*objection);
  return Needed();
}

/// No state is reached at all; or none that has the left side.
Conditions vacuous_in(const system::System& system, const system::Theorem& theorem, std::size_t which,
                      const system::Reachable& reachable) {
  if (which == 0) {
    return reachable.states.empty() ? Conditions(Needed()) : fail(std::string("there is an initial state"));
  }
  if (std::holds_alternative<system::LeaksNothing>(theorem.statement)) return fail(std::string("no left side"));
  Terms terms(system);
  const auto sides = taken_for_given(terms, theorem);
  if (which > sides.size()) return fail(std::string("a claim without left sides"));
  const bool never = system::is_never_true(terms.system(), reachable, sides[which - 1]);
  return never ? Conditions(Needed()) : fail(std::string("the left side is true in some state"));
}

Conditions of_vacuous(const system::System& system, const obligation::Theorem& goal, const verdict::Vacuous& vacuous) {
  if (!vacuous.inductive) {  // where states are few, evidence is what is seen of all of them
    const auto reachable = enumerated(system, goal.theorem);
    if (reachable) return vacuous_in(system, goal.theorem, vacuous.which, *reachable);
  }
  if (vacuous.which == 0) {
    Needed needed = made_of(system);
    needed.conditions = {conditions::no_initial_state(*needed.terms)};
    return needed;
  }
  if (std::holds_alternative<system::LeaksNothing>(goal.theorem.statement) || !vacuous.inductive) {
    return fail(std::string("no evidence of vacuity"));
  }
  const auto larger = strengthened(system, vacuous.inductive->conjuncts);
  if (!larger) return fail(larger.error());
  Needed needed = made_of(*larger);
  Terms& terms = *needed.terms;
  const auto sides = taken_for_given(terms, goal.theorem);
  if (vacuous.which > sides.size()) return fail(std::string("a claim without left sides"));
  const Conjunct never{"never", terms.negation(sides[vacuous.which - 1])};
  return invariant(needed, system.properties.size(), never, vacuous.inductive->conjuncts);
}

}  // namespace

Result<Needed, std::string> needed_for(const ir::World& world, const obligation::Theorem& goal,
                                       const verdict::Verdict& verdict) {
  const system::System& system = world.at(goal.system);
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) return of_holds(system, goal, *holds);
  if (const auto* violated = std::get_if<verdict::Violated>(&verdict)) return of_violated(system, goal, *violated);
  if (const auto* vacuous = std::get_if<verdict::Vacuous>(&verdict)) return of_vacuous(system, goal, *vacuous);
  return fail("nobody knows: " + std::get<verdict::Unknown>(verdict).reason);
}

std::vector<std::string> scripts_for(const Needed& needed) {
  std::vector<std::string> scripts;
  for (const Condition& condition : needed.conditions) scripts.push_back(to_smtlib(*needed.terms, condition));
  return scripts;
}

const std::vector<std::string>* scripts_of(const verdict::Verdict& verdict) {
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) {
    const auto* rank = std::get_if<verdict::RankEvidence>(&holds->certificate.evidence);
    if (rank != nullptr) return &rank->scripts;
    const auto* evidence = std::get_if<verdict::InductiveEvidence>(&holds->certificate.evidence);
    return evidence == nullptr ? nullptr : &evidence->scripts;
  }
  const auto* vacuous = std::get_if<verdict::Vacuous>(&verdict);
  return vacuous == nullptr || !vacuous->inductive ? nullptr : &vacuous->inductive->scripts;
}

}  // namespace bulkhead::certificate
