#include "checker/query/model_coverage.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "checker/certificate/theorem.h"
#include "checker/engine/cheap.h"
#include "checker/engine/engine.h"
#include "checker/query/model_mutant.h"
#include "lang/system/replay.h"
#include "lang/system/valid.h"

namespace bulkhead::query {
namespace {

using engine::Clock;
using system::System;

/// What is charged, in microseconds, about: for a changed system, the text of a condition, a condition that is decided,
/// a search of one scope, the circuits of one scope, the replay of a run.
constexpr std::uint64_t kForSystem = 150, kForScript = 10, kForCondition = 700, kForSearch = 3'000, kForScope = 10'000,
                        kForRun = 50;
/// For each term of a system that is unrolled.
constexpr std::uint64_t kForTerm = 60;
/// Searched for violations: so many elements of each sort.
constexpr std::uint32_t kSizes[] = {1, 2};

enum class Effect : std::uint8_t { Same, Changed, Open };

/// A claim about a model, with what was found of it.
struct Base {
  const ir::Claim* claim = nullptr;
  system::Theorem theorem;
  ir::SystemId system;
  const verdict::Verdict* verdict = nullptr;  // null: nobody knows, so nobody can tell whether it changes
};

std::vector<Base> bases_of(const ir::World& world, const std::vector<ClaimResult>& claims) {
  std::vector<Base> list;
  for (const ClaimResult& result : claims) {
    const ir::Claim& claim = world.at(result.claim);
    const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form);
    if (theorem == nullptr) continue;
    const bool known = result.cases.size() == 1 && result.status != Status::Rejected;
    list.push_back({&claim, theorem->theorem, theorem->system, known ? &result.cases[0].verdict : nullptr});
  }
  return list;
}

/// A world with the claim about this system and nothing else.
ir::World world_of(const System& system, const Base& base) {
  ir::World world;
  world.systems.push_back(system);
  ir::Claim claim = *base.claim;
  claim.form = ir::TheoremClaim{ir::SystemId{0}, base.theorem};
  world.sentences.push_back({{}, claim.text, false, false});
  claim.sentence = ir::SentenceId{0};
  world.claims.push_back(std::move(claim));
  return world;
}

class Judging {
 public:
  Judging(const ir::World& world, const std::vector<ClaimResult>& claims, const SurveyLimits& limits)
      : world_(world), bases_(bases_of(world, claims)), limits_(limits) {}

  Survey operator()() {
    Survey found;
    for (const ModelSentence& sentence : model_sentences(world_)) {
      const Effect effect = judge(sentence);
      if (effect == Effect::Same) found.unproved.push_back(sentence.sentence);
      if (effect == Effect::Open) found.not_judged.push_back(sentence.sentence);
    }
    return found;
  }

 private:
  /// Changed: some claim covers the sentence. Same: none does.
  Effect judge(const ModelSentence& sentence) {
    Effect all = Effect::Same;
    for (const ModelChange& change : sentence.changes) {
      const Effect one = effect_of(change);
      if (one == Effect::Changed) return one;
      if (one == Effect::Open) all = one;
    }
    return all;
  }

  /// The change of an update is tried for it and for its action.
  Effect effect_of(const ModelChange& change) {
    const auto key = std::make_tuple(change.kind, change.span.file, change.span.begin, change.part);
    const auto [found, fresh] = effects_.emplace(key, Effect::Open);
    if (fresh) found->second = find_effect(change);
    return found->second;
  }

  Effect find_effect(const ModelChange& change) {
    Effect all = Effect::Same;
    for (std::size_t i = 0; i < world_.systems.size(); ++i) {
      const ir::SystemId id{i};
      const auto about = [&](const Base& base) { return base.system == id; };
      if (std::none_of(bases_.begin(), bases_.end(), about)) continue;
      const auto mutant = changed(world_.at(id), change);
      if (!mutant) continue;
      spent_ += kForSystem;
      for (const Base& base : bases_) {
        if (base.system != id) continue;
        const Effect one = effect_on(base, *mutant, change.kind);
        if (one == Effect::Changed) return one;
        if (one == Effect::Open) all = one;
      }
    }
    return all;
  }

  bool may_go_on() const { return spent_ < limits_.work && Clock::now() < limits_.deadline; }

  Effect effect_on(const Base& base, const System& mutant, ModelChange::Kind kind) {
    if (base.verdict == nullptr || !may_go_on()) return Effect::Open;
    if (!system::is_valid(mutant, base.theorem)) return Effect::Open;
    if (const auto* violated = std::get_if<verdict::Violated>(base.verdict))
      return on_violated(base, *violated, mutant);
    const auto* holds = std::get_if<verdict::Holds>(base.verdict);
    return holds != nullptr ? on_holding(base, *holds, mutant, kind) : Effect::Open;
  }

  /// The claim is violated still where the run that showed it, or another one, violates it.
  Effect on_violated(const Base& base, const verdict::Violated& violated, const System& mutant) {
    const std::vector<system::Run>& runs = violated.trace.runs;
    spent_ += kForRun * (1 + runs.size());
    if (runs.size() == 1 && !system::replay_violation(mutant, base.theorem, runs[0])) return Effect::Same;
    if (runs.size() == 2 && !system::replay_leak(mutant, base.theorem, runs[0], runs[1])) return Effect::Same;
    std::vector<system::Scope> scopes = small_scopes(mutant);
    if (!runs.empty()) scopes.push_back(runs[0].scope);
    return is_violated(base, mutant, scopes) ? Effect::Same : Effect::Open;
  }

  Effect on_holding(const Base& base, const verdict::Holds& holds, const System& mutant, ModelChange::Kind kind) {
    if (std::holds_alternative<verdict::ScopeEvidence>(holds.certificate.evidence)) return on_scope(base, mutant);
    if (is_shown_by(base, mutant)) return Effect::Same;
    // With an action less no run is new, so no invariant is violated.
    if (kind == ModelChange::Kind::DropAction && conditions::is_invariant(base.theorem)) return Effect::Open;
    return is_violated(base, mutant, small_scopes(mutant)) ? Effect::Changed : Effect::Open;
  }

  /// Claims about one scope are decided from scratch: what was made of its circuits fits no others.
  Effect on_scope(const Base& base, const System& mutant) {
    spent_ += kForScope;
    const ir::World world = world_of(mutant, base);
    const auto obligation = obligation::obligation(world, ir::ClaimId{0}, {});
    if (!obligation) return Effect::Open;
    engine::Budget budget;
    budget.deadline = limits_.deadline;
    engine::Session session(world, budget);
    const verdict::Verdict now = engine::solve(*obligation, session);
    if (std::holds_alternative<verdict::Unknown>(now)) return Effect::Open;
    return now.index() == base.verdict->index() ? Effect::Same : Effect::Changed;
  }

  /// Whether what showed that the claim holds shows it of the mutant: conditions that were valid before are not asked
  /// again.
  bool is_shown_by(const Base& base, const System& mutant) {
    const ir::World world = world_of(mutant, base);
    const auto needed = certificate::needed_for(world, {ir::SystemId{0}, base.theorem}, *base.verdict);
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
  bool is_known(const Base& base, const std::string& script) {
    if (asked_.insert(base.claim).second) {
      const auto needed = certificate::needed_for(world_, {base.system, base.theorem}, *base.verdict);
      if (needed) {
        for (std::string& one : certificate::scripts_for(*needed)) valid_.insert(std::move(one));
      }
    }
    return valid_.count(script) != 0;
  }

  bool is_violated(const Base& base, const System& mutant, const std::vector<system::Scope>& scopes) {
    if (!may_go_on()) return false;
    spent_ += kForSearch * scopes.size() + kForTerm * mutant.terms.size();
    return engine::is_violated_in(mutant, base.theorem, scopes);
  }

  static std::vector<system::Scope> small_scopes(const System& system) {
    std::vector<system::Scope> scopes;
    for (const std::uint32_t size : kSizes) {
      scopes.push_back({std::vector<std::uint32_t>(system.sorts.size(), size)});
      if (system.sorts.empty()) break;
    }
    return scopes;
  }

  const ir::World& world_;
  std::vector<Base> bases_;
  const SurveyLimits& limits_;
  std::uint64_t spent_ = 0;
  std::map<std::tuple<ModelChange::Kind, source::FileId, std::uint32_t, std::string>, Effect> effects_;
  std::set<const ir::Claim*> asked_;
  std::set<std::string> valid_;
};

}  // namespace

Survey survey_models(const ir::World& world, const std::vector<ClaimResult>& claims, const SurveyLimits& limits) {
  return Judging(world, claims, limits)();
}

}  // namespace bulkhead::query
