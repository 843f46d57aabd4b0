#include "checker/query/model_coverage.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "checker/conditions/conditions.h"
#include "checker/query/model_mutant.h"
#include "checker/query/rechecking.h"
#include "lang/system/valid.h"

namespace bulkhead::query {
namespace {

using system::System;

/// What is charged for a changed system, in microseconds, about.
constexpr std::uint64_t kForSystem = 150;

class Judging {
 public:
  Judging(const ir::World& world, const std::vector<ClaimResult>& claims, const SurveyLimits& limits)
      : world_(world), bases_(known_claims(world, claims)), rechecking_(world, limits) {}

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
      const auto about = [&](const KnownClaim& base) { return base.system == id; };
      if (std::none_of(bases_.begin(), bases_.end(), about)) continue;
      const auto mutant = changed(world_.at(id), change);
      if (!mutant) continue;
      rechecking_.charge(kForSystem);
      for (const KnownClaim& base : bases_) {
        if (base.system != id) continue;
        const Effect one = effect_on(base, *mutant, change.kind);
        if (one == Effect::Changed) return one;
        if (one == Effect::Open) all = one;
      }
    }
    return all;
  }

  Effect effect_on(const KnownClaim& base, const System& mutant, ModelChange::Kind kind) {
    if (base.verdict == nullptr || !rechecking_.may_go_on()) return Effect::Open;
    if (!system::is_valid(mutant, base.theorem)) return Effect::Open;
    const ChangedClaim changed{mutant, base.theorem, *base.verdict};
    if (const auto* violated = std::get_if<verdict::Violated>(base.verdict))
      return rechecking_.on_violated(changed, *violated);
    if (!std::holds_alternative<verdict::Holds>(*base.verdict)) return Effect::Open;
    // With an action less no run is new, so no invariant is violated.
    const bool narrows = kind == ModelChange::Kind::DropAction && conditions::is_invariant(base.theorem);
    return narrows ? rechecking_.on_narrowed(base, changed) : rechecking_.on_holding(base, changed);
  }

  const ir::World& world_;
  std::vector<KnownClaim> bases_;
  Rechecking rechecking_;
  std::map<std::tuple<ModelChange::Kind, source::FileId, std::uint32_t, std::string>, Effect> effects_;
};

}  // namespace

Survey survey_models(const ir::World& world, const std::vector<ClaimResult>& claims, const SurveyLimits& limits) {
  return Judging(world, claims, limits)();
}

}  // namespace bulkhead::query
