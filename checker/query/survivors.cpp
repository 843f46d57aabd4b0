#include "checker/query/survivors.h"

#include <algorithm>
#include <string>

#include "checker/query/in_variant.h"
#include "checker/query/rechecking.h"
#include "lang/system/dump.h"

namespace bulkhead::query {
namespace {

using system::System;

/// Somebody wrote the model for this policy: the sentences of the library are listed as no one's.
bool is_own(const ir::World& world, const System& model) {
  const source::Span& block = model.origin.span;
  return std::any_of(world.sentences.begin(), world.sentences.end(), [&](const ir::Sentence& one) {
    return !one.library && !one.implied && one.span != block && one.span.file.valid() && one.span.file == block.file &&
           block.begin <= one.span.begin && one.span.end <= block.end;
  });
}

std::vector<ir::SystemId> variants_of(const ir::World& world, const System& model) {
  std::vector<ir::SystemId> list;
  for (std::size_t i = 0; i < world.systems.size(); ++i) {
    const System& other = world.systems[i];
    if (!other.variant.empty() && other.name == model.name + "." + other.variant) list.emplace_back(i);
  }
  return list;
}

/// What is claimed, whatever the bounds and the hints.
std::string statement_of(const System& system, system::Theorem theorem) {
  theorem.bounds = {};
  if (auto* leads = std::get_if<system::LeadsTo>(&theorem.statement)) leads->rank.clear();
  return system::spell_theorem(system, theorem);
}

class Surviving {
 public:
  Surviving(const ir::World& world, const std::vector<ClaimResult>& claims, const SurveyLimits& limits)
      : world_(world), claims_(claims), known_(known_claims(world, claims)), rechecking_(world, limits) {}

  std::vector<Survivor> operator()() {
    std::vector<Survivor> list;
    for (const ClaimResult& result : claims_) {
      const ir::Claim& claim = world_.at(result.claim);
      if (claim.mode != ir::ClaimMode::Prove || result.status != Status::Satisfied) continue;
      const auto base =
          std::find_if(known_.begin(), known_.end(), [&](const KnownClaim& one) { return one.claim == &claim; });
      if (base == known_.end() || base->verdict == nullptr) continue;
      const System& model = world_.at(base->system);
      if (!model.variant.empty() || !is_own(world_, model)) continue;
      std::vector<ir::SystemId> variants = variants_of(world_, model);
      if (variants.empty() || !survives(*base, variants)) continue;
      list.push_back({result.claim, base->system, std::move(variants)});
    }
    return list;
  }

 private:
  /// First what costs nothing: most claims are refuted of some variant.
  bool survives(const KnownClaim& base, const std::vector<ir::SystemId>& variants) {
    std::vector<std::pair<ir::SystemId, InVariant>> open;
    for (const ir::SystemId id : variants) {
      auto claim = in_variant(world_.at(base.system), base.theorem, world_.at(id));
      if (!claim) return false;
      const Effect said = claimed_of(id, *claim);
      if (said == Effect::Changed) return false;
      if (said == Effect::Open) open.emplace_back(id, std::move(*claim));
    }
    return std::all_of(open.begin(), open.end(), [&](const auto& one) { return keeps(base, one.first, one.second); });
  }

  /// What the policy itself claims of the variant, and was told.
  Effect claimed_of(ir::SystemId variant, const InVariant& claim) const {
    const std::string statement = statement_of(claim.system, claim.theorem);
    Effect found = Effect::Open;
    for (const KnownClaim& one : known_) {
      if (one.system != variant || one.verdict == nullptr) continue;
      if (statement_of(world_.at(variant), one.theorem) != statement) continue;
      if (std::holds_alternative<verdict::Violated>(*one.verdict)) return Effect::Changed;
      const bool everywhere = one.theorem.bounds.sizes.empty() && !one.theorem.bounds.steps;
      if (everywhere && std::holds_alternative<verdict::Holds>(*one.verdict)) found = Effect::Same;
    }
    return found;
  }

  bool keeps(const KnownClaim& base, ir::SystemId variant, const InVariant& claim) {
    if (!rechecking_.may_go_on()) return false;
    const verdict::Verdict verdict = in_variant(world_.at(base.system), *base.verdict, world_.at(variant));
    const ChangedClaim changed{claim.system, claim.theorem, verdict};
    const Effect cheap = rechecking_.on_holding(base, changed);
    return (cheap == Effect::Open ? rechecking_.from_scratch(base, changed) : cheap) == Effect::Same;
  }

  const ir::World& world_;
  const std::vector<ClaimResult>& claims_;
  std::vector<KnownClaim> known_;
  Rechecking rechecking_;
};

}  // namespace

std::vector<Survivor> survivors(const ir::World& world, const std::vector<ClaimResult>& claims,
                                const SurveyLimits& limits) {
  return Surviving(world, claims, limits)();
}

}  // namespace bulkhead::query
