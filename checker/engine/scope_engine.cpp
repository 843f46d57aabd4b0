// Claims about models in one scope: those whose bounds name the size of every sort, and models without sorts. Decided
// by a propositional solver, with refutations for evidence.
#include <algorithm>

#include "checker/conditions/monitor.h"
#include "checker/conditions/rounds.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/enumeration.h"
#include "checker/engine/first_state.h"
#include "checker/engine/lasso.h"
#include "checker/engine/slice.h"
#include "checker/finite/closure.h"
#include "checker/finite/evidence.h"
#include "checker/finite/told.h"
#include "lang/system/enumerate.h"

namespace bulkhead::engine {
namespace {

/// What a question may cost. Steps that are unrolled where the claim bounds none: k-induction's.
constexpr std::uint32_t kConflicts = 500'000;
constexpr std::size_t kQuestions = 60'000, kDeepest = 24;

/// Work for looking at every state before anything else: some hundreds of states.
constexpr std::uint64_t kFewStates = 4'000'000;

bool has_words(const system::System& system) {
  return std::any_of(system.functions.begin(), system.functions.end(),
                     [](const system::Function& function) { return function.result.kind == system::Kind::Bits; });
}

/// Safety of one system in one scope.
struct Safety {
  const system::System& system;
  system::Scope scope;
  finite::Claim claim;
  std::optional<std::size_t> steps;
  finite::Limits limits;
};

/// A run that violates the claim; or evidence that none does, still without witnesses; or why neither is known.
using Answer = std::variant<system::Run, verdict::ScopeEvidence, std::string>;

verdict::ScopeEvidence as_evidence(finite::Evidence found) {
  verdict::ScopeEvidence evidence;
  evidence.k = found.invariant.k;
  evidence.proofs = std::move(found.proofs);
  for (const finite::Cube& cube : found.invariant.excluded) {
    auto& excluded = evidence.excluded.emplace_back();
    for (const finite::BitValue& one : cube) excluded.push_back({one.entry, one.bit, one.value});
  }
  return evidence;
}

/// The searches are done in the slice, the evidence is made for the whole system.
class Deciding {
 public:
  explicit Deciding(Safety safety)
      : safety_(std::move(safety)), small_(slice(safety_.system, safety_.claim.formula, {})), scope_(safety_.scope) {}

  Answer operator()() {
    std::string reasons;
    if (auto answer = by("closure", finite::closed(small_.system, scope_, safety_.claim, safety_.limits), reasons))
      return *answer;
    reasons.clear();  // that the closure does not suffice is nothing to tell
    if (!safety_.steps) {
      if (auto answer =
              by("ic3", finite::reachability(small_.system, scope_, safety_.claim, safety_.limits), reasons)) {
        return std::move(*answer);
      }
      finite::Limits shallow = safety_.limits;
      shallow.depth = std::min(shallow.depth, kDeepest);
      if (auto answer =
              by("k-induction", finite::k_induction(small_.system, scope_, safety_.claim, shallow), reasons)) {
        return std::move(*answer);
      }
      return reasons;
    }
    // What no run does at all, none of so many steps does; a violation may need more of them.
    finite::Limits few = safety_.limits;
    few.questions = kQuestions / 10;
    const auto outcome = finite::reachability(small_.system, scope_, safety_.claim, few);
    if (std::holds_alternative<finite::Invariant>(outcome)) {
      if (auto answer = by("ic3", outcome, reasons)) return std::move(*answer);
    }
    few = safety_.limits;
    few.depth = *safety_.steps;
    if (auto answer = by("unrolling", finite::bounded(small_.system, scope_, safety_.claim, few), reasons)) {
      return std::move(*answer);
    }
    return reasons;
  }

  /// Which of the searches found the answer.
  const std::string& engine() const { return engine_; }

 private:
  std::optional<Answer> by(const char* engine, const finite::Outcome& outcome, std::string& reasons) {
    engine_ = engine;
    return concluded(outcome, reasons);
  }
  std::optional<Answer> concluded(const finite::Outcome& outcome, std::string& reasons) const {
    if (const auto* violated = std::get_if<finite::Violated>(&outcome)) {
      auto run = unsliced(safety_.system, small_, violated->run);
      if (run) return Answer{std::move(*run)};
      reasons += "; a run was found whose first state could not be completed";
      return std::nullopt;
    }
    finite::Invariant invariant;
    if (const auto* open = std::get_if<finite::Open>(&outcome)) {
      if (!safety_.steps || open->depth != safety_.steps) {
        reasons += "; " + engine_ + ": " + finite::told(*open);
        return std::nullopt;
      }
      invariant.k = 0;  // every run of so many steps was looked at
    } else {
      invariant = std::get<finite::Invariant>(outcome);
      invariant.excluded = unsliced(safety_.system, small_, scope_, std::move(invariant.excluded));
    }
    const auto steps = invariant.k == 0 ? safety_.steps : std::nullopt;
    auto found = finite::certify(safety_.system, scope_, safety_.claim, invariant, safety_.limits, steps);
    if (found) return Answer{as_evidence(std::move(found).value())};
    reasons += "; " + engine_ + ": evidence is missing: " + found.error();
    return std::nullopt;
  }

  Safety safety_;
  Slice small_;
  system::Scope scope_;
  std::string engine_;
};

/// Evidence by counting rounds, in a system without copies of its state; none where the rounds that are tried do not
/// suffice. Its `k` is 0 (checker/certificate/refuted.cpp).
std::optional<verdict::ScopeEvidence> by_rounds(const system::System& system, const system::LeadsTo& claim,
                                                const system::Scope& scope, const finite::Limits& limits) {
  const auto counted = conditions::rounds(system, claim);
  if (!counted || !system::is_scope(counted->system, scope)) return std::nullopt;
  std::vector<std::size_t> entries;  // of the flags
  for (const system::TermId past : counted->past) {
    std::size_t entry = 0;
    for (std::size_t i = 0; i < counted->system.at(past).function.index(); ++i) {
      entry += system::table_size(counted->system, scope, system::FunctionId{i});
    }
    entries.push_back(entry);
  }
  finite::Limits few = limits;
  few.questions = kQuestions / 4;
  for (std::size_t rounds = 1; rounds <= conditions::kMostRounds; rounds *= 2) {
    const system::TermId past = counted->past[rounds - 1];
    const Slice small = slice(counted->system, past, {});
    const auto outcome = finite::reachability(small.system, scope, {past, false}, few);
    if (std::holds_alternative<finite::Violated>(outcome)) continue;  // more rounds are over
    const auto* invariant = std::get_if<finite::Invariant>(&outcome);
    if (invariant == nullptr) return std::nullopt;
    finite::Invariant all{unsliced(counted->system, small, scope, invariant->excluded)};
    for (std::size_t i = rounds; i <= conditions::kMostRounds; ++i) all.excluded.push_back({{entries[i - 1], 0, true}});
    auto found = finite::certify(counted->system, scope, {counted->past.back(), false}, all, limits);
    if (!found) return std::nullopt;
    auto evidence = as_evidence(std::move(found).value());
    evidence.k = 0;
    return evidence;
  }
  return std::nullopt;
}

}  // namespace

bool ScopeEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && !std::holds_alternative<system::LeaksNothing>(theorem->theorem.statement);
}

verdict::Verdict ScopeEngine::solve(const obligation::Obligation& obligation, Session& session,
                                    const Turn& turn) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  const system::System& system = session.world().at(goal.system);
  const system::Theorem& theorem = goal.theorem;
  const auto scope = system::scope_named(system, theorem.bounds);
  if (!scope) return verdict::Unknown{""};  // not a question about one scope
  const auto* leads = std::get_if<system::LeadsTo>(&theorem.statement);
  if (leads != nullptr && has_words(system)) {  // IC3 needs a frame for each value of a counter, and a copy of all bits
    auto verdict = by_enumeration(system, theorem, kFewStates, turn.stop);
    if (auto* holds = std::get_if<verdict::Holds>(&verdict)) holds->engine = "enumeration";
    if (auto* violated = std::get_if<verdict::Violated>(&verdict)) violated->engine = "enumeration";
    if (!std::holds_alternative<verdict::Unknown>(verdict)) return verdict;
  }
  finite::Limits limits;
  limits.conflicts = kConflicts;
  limits.questions = kQuestions;
  limits.stop = turn.stop;
  Answer answer;
  std::string engine;
  std::optional<verdict::ScopeEvidence> rounds;
  if (leads != nullptr) rounds = by_rounds(system, *leads, *scope, limits);
  if (rounds) {
    engine = "rounds";
    answer = std::move(*rounds);
  } else if (leads != nullptr) {
    const auto monitored = conditions::monitor(system, *leads);
    if (!monitored) return verdict::Unknown{monitored.error()};
    if (!system::is_scope(monitored->system, *scope)) return verdict::Unknown{"the scope is too large"};
    Deciding deciding({monitored->system, *scope, {monitored->looped, false}, std::nullopt, limits});
    answer = deciding();
    engine = deciding.engine();
    if (auto* run = std::get_if<system::Run>(&answer)) *run = lasso_of(system, *run);
  } else {
    std::optional<std::size_t> steps;
    if (theorem.bounds.steps) steps = *theorem.bounds.steps;
    Deciding deciding({system, *scope, finite::claim_of(system, theorem), steps, limits});
    answer = deciding();
    engine = deciding.engine();
  }
  if (auto* run = std::get_if<system::Run>(&answer)) {
    auto verdict = violated_by(system, theorem, std::move(*run), turn.stop);
    if (auto* violated = std::get_if<verdict::Violated>(&verdict)) violated->engine = engine;
    return verdict;
  }
  if (const auto* why = std::get_if<std::string>(&answer)) return verdict::Unknown{"in this scope nobody knows" + *why};
  auto evidence = std::get<verdict::ScopeEvidence>(std::move(answer));
  const auto limits_of_conditions = stopped_by(session.budget().solver, turn.stop);
  if (auto missing = find_witnesses(system, theorem, limits_of_conditions, evidence.witnesses)) return *missing;
  verdict::Holds holds{{std::move(evidence), {}}};
  holds.engine = engine;
  return holds;
}

}  // namespace bulkhead::engine
