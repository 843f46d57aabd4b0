#include "checker/query/rechecking.h"

#include <algorithm>
#include <iterator>

#include "checker/certificate/theorem.h"
#include "checker/engine/cheap.h"
#include "checker/engine/engine.h"
#include "lang/system/replay.h"

namespace bulkhead::query {
namespace {

using engine::Clock;
using system::System;

/// What is charged, in microseconds, about: for the text of a condition, a condition that is decided, a search of one
/// scope, the circuits of one scope, the replay of a run, everything that the engines can do.
constexpr std::uint64_t kForScript = 10, kForCondition = 700, kForSearch = 3'000, kForScope = 10'000, kForRun = 50,
                        kForProof = 20'000'000;
/// For each term of a system that is unrolled.
constexpr std::uint64_t kForTerm = 60;
/// Searched for violations: so many elements of each sort.
constexpr std::uint32_t kSizes[] = {1, 2};

std::vector<system::Scope> small_scopes(const System& system) {
  std::vector<system::Scope> scopes;
  for (const std::uint32_t size : kSizes) {
    scopes.push_back({std::vector<std::uint32_t>(system.sorts.size(), size)});
    if (system.sorts.empty()) break;
  }
  return scopes;
}

/// A world with the claim about this system and nothing else.
ir::World world_of(const KnownClaim& base, const ChangedClaim& changed) {
  ir::World world;
  world.systems.push_back(changed.system);
  ir::Claim claim = *base.claim;
  claim.form = ir::TheoremClaim{ir::SystemId{0}, changed.theorem};
  world.sentences.push_back({{}, claim.text, false, false});
  claim.sentence = ir::SentenceId{0};
  world.claims.push_back(std::move(claim));
  return world;
}

}  // namespace

std::vector<KnownClaim> known_claims(const ir::World& world, const std::vector<ClaimResult>& claims) {
  std::vector<KnownClaim> list;
  for (const ClaimResult& result : claims) {
    const ir::Claim& claim = world.at(result.claim);
    const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form);
    if (theorem == nullptr) continue;
    const bool known = result.cases.size() == 1 && result.status != Status::Rejected;
    list.push_back({&claim, theorem->theorem, theorem->system, known ? &result.cases[0].verdict : nullptr});
  }
  return list;
}

bool Rechecking::may_go_on() const {
  return spent_ < limits_.work && Clock::now() < limits_.deadline;
}

/// The claim is violated still where the run that showed it, or another one, violates it.
Effect Rechecking::on_violated(const ChangedClaim& changed, const verdict::Violated& violated) {
  const std::vector<system::Run>& runs = violated.trace.runs;
  spent_ += kForRun * (1 + runs.size());
  const System& system = changed.system;
  if (runs.size() == 1 && !system::replay_violation(system, changed.theorem, runs[0])) return Effect::Same;
  if (runs.size() == 2 && !system::replay_leak(system, changed.theorem, runs[0], runs[1])) return Effect::Same;
  std::vector<system::Scope> scopes = small_scopes(system);
  if (!runs.empty()) scopes.push_back(runs[0].scope);
  return is_violated(changed, scopes) ? Effect::Same : Effect::Open;
}

Effect Rechecking::on_holding(const KnownClaim& base, const ChangedClaim& changed) {
  const Effect narrowed = on_narrowed(base, changed);
  if (narrowed != Effect::Open) return narrowed;
  return is_violated(changed, small_scopes(changed.system)) ? Effect::Changed : Effect::Open;
}

/// Claims about one scope are decided from scratch: what was made of its circuits fits no others.
Effect Rechecking::on_narrowed(const KnownClaim& base, const ChangedClaim& changed) {
  const auto& evidence = std::get<verdict::Holds>(changed.verdict).certificate.evidence;
  if (std::holds_alternative<verdict::ScopeEvidence>(evidence)) return decide(base, changed, kForScope);
  return is_shown(base, changed) ? Effect::Same : Effect::Open;
}

Effect Rechecking::from_scratch(const KnownClaim& base, const ChangedClaim& changed) {
  const bool affordable = spent_ <= limits_.work && limits_.work - spent_ >= kForProof;
  return affordable && may_go_on() ? decide(base, changed, kForProof) : Effect::Open;
}

Effect Rechecking::decide(const KnownClaim& base, const ChangedClaim& changed, std::uint64_t work) {
  spent_ += work;
  const ir::World world = world_of(base, changed);
  const auto obligation = obligation::obligation(world, ir::ClaimId{0}, {});
  if (!obligation) return Effect::Open;
  engine::Budget budget;
  budget.deadline = limits_.deadline;
  engine::Session session(world, budget);
  const verdict::Verdict now = engine::solve(*obligation, session);
  if (std::holds_alternative<verdict::Unknown>(now)) return Effect::Open;
  return now.index() == changed.verdict.index() ? Effect::Same : Effect::Changed;
}

/// Whether what showed that the claim holds shows it of the changed model: conditions that were valid before are not
/// asked again.
bool Rechecking::is_shown(const KnownClaim& base, const ChangedClaim& changed) {
  const ir::World world = world_of(base, changed);
  const auto needed = certificate::needed_for(world, {ir::SystemId{0}, changed.theorem}, changed.verdict);
  if (!needed) return false;
  std::vector<std::string> scripts = certificate::scripts_for(*needed);
  std::vector<conditions::Condition> fresh;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if (!is_known(base, scripts[i])) fresh.push_back(needed->conditions[i]);
  }
  spent_ += kForScript * scripts.size() + kForCondition * fresh.size();
  if (!may_go_on() || !engine::are_valid(*needed->terms, fresh)) return false;
  valid_.insert(std::make_move_iterator(scripts.begin()), std::make_move_iterator(scripts.end()));
  return true;
}

/// Scripts of the claim as it is are taken for valid: they were when it was proved.
bool Rechecking::is_known(const KnownClaim& base, const std::string& script) {
  if (asked_.insert(base.claim).second) {
    const auto needed = certificate::needed_for(world_, {base.system, base.theorem}, *base.verdict);
    if (needed) {
      for (std::string& one : certificate::scripts_for(*needed)) valid_.insert(std::move(one));
    }
  }
  return valid_.count(script) != 0;
}

bool Rechecking::is_violated(const ChangedClaim& changed, const std::vector<system::Scope>& scopes) {
  if (!may_go_on()) return false;
  spent_ += kForSearch * scopes.size() + kForTerm * changed.system.terms.size();
  return engine::is_violated_in(changed.system, changed.theorem, scopes);
}

}  // namespace bulkhead::query
