#include "checker/certificate/excluded.h"

#include "checker/certificate/theorem.h"
#include "checker/obligation/authority_system.h"
#include "checker/obligation/possession.h"
#include "lang/base/sha256.h"
#include "lang/ir/acquire.h"
#include "lang/ir/glob.h"
#include "lang/ir/valid.h"

namespace bulkhead::certificate {
namespace {

using verdict::ExclusionEvidence;

const ExclusionEvidence* evidence_of(const verdict::Verdict& verdict) {
  const std::optional<ExclusionEvidence>* found = nullptr;
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) found = &holds->certificate.excluded;
  if (const auto* violated = std::get_if<verdict::Violated>(&verdict)) found = &violated->excluded;
  return found == nullptr || !*found ? nullptr : &**found;
}

/// Nothing that was handed over is needed for it, so nobody can take it away.
bool is_always(const ir::World& world, const ExclusionEvidence::Always& one) {
  const ir::Possession& what = world.at(one.what);
  return one.request.subject == what.holder && one.request.right == what.right && is_valid(world, one.request) &&
         ir::patterns_match(what.objects, one.request.object) && ir::Acquired(world).may(one.request);
}

std::string wrong(const ir::World& world, const ExclusionEvidence& evidence) {
  for (const auto& one : evidence.never) {
    if (one.what.index() >= world.possessions.size()) return "a condition that does not exist";
  }
  for (const auto& one : evidence.always) {
    if (one.what.index() >= world.possessions.size()) return "a condition that does not exist";
    if (!is_always(world, one)) return "a request does not show that a condition is always true";
  }
  for (const ir::Use& use : evidence.unused) {
    if (use.delegation.index() >= world.delegations.size()) return "a delegation that does not exist";
  }
  return "";
}

std::string name_of(const ExclusionEvidence& evidence, const ir::Exclusions& excluded) {
  std::string text;
  for (const ir::PossessionId id : excluded.never) text += "n" + std::to_string(id.index());
  for (const ir::PossessionId id : excluded.always) text += "a" + std::to_string(id.index());
  for (const ir::Use& use : excluded.unused) {
    text += "u" + std::to_string(use.delegation.index()) + "." + std::to_string(static_cast<int>(use.right));
  }
  text += "k" + std::to_string(evidence.invariant.k);
  for (const auto& cube : evidence.invariant.excluded) {
    text += "c";
    for (const verdict::StateBit& bit : cube) {
      text += std::to_string(bit.entry) + "." + std::to_string(bit.bit) + (bit.value ? "+" : "-");
    }
  }
  for (const std::string& proof : evidence.invariant.proofs) text += to_hex(sha256(proof));
  return text;
}

}  // namespace

Grounds& Narrowed::place(const ir::Exclusions& excluded) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Place>& found = places_[excluded];
  if (!found) {
    found = std::make_unique<Place>();
    found->world = ir::without(world_, excluded);
    found->grounds = std::make_unique<Grounds>(found->world);
  }
  return *found->grounds;
}

/// The invariant does not show that nothing of it is used.
std::string Narrowed::objection(const ir::World& before, const ExclusionEvidence& evidence) {
  const auto made =
      obligation::authority_system(before, std::set<ir::Use>(evidence.unused.begin(), evidence.unused.end()));
  if (!made) return made.error().reason;
  ir::World only;
  only.systems.push_back(made->system);
  const verdict::Verdict holds = verdict::Holds{{evidence.invariant, {}}};
  const auto needed = needed_for(only, {ir::SystemId{0}, made->theorem}, holds);
  if (!needed) return needed.error();
  return needed->conditions.empty() ? "" : "evidence of another kind than an invariant needs";
}

Result<Basis, std::string> Narrowed::basis(const verdict::Verdict& verdict) {
  const ExclusionEvidence* evidence = evidence_of(verdict);
  if (evidence == nullptr) return Basis{whole_.get(), whole_.get(), {}};
  if (std::string reason = wrong(world_, *evidence); !reason.empty()) return fail(std::move(reason));
  ir::Exclusions excluded;
  for (const auto& one : evidence->never) excluded.never.insert(one.what);
  for (const auto& one : evidence->always) excluded.always.insert(one.what);
  Basis basis;
  basis.before = &place(excluded);
  for (const auto& one : evidence->never) {
    const auto query = obligation::possession_query(basis.before->rules(), one.what);
    if (!query) return fail(query.error().reason);
    basis.questions.push_back({asked(query->query), &one.query});
  }
  if (!evidence->unused.empty()) {
    excluded.unused.insert(evidence->unused.begin(), evidence->unused.end());
    const std::string name = name_of(*evidence, excluded);
    std::optional<std::string> known;
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = invariants_.find(name); found != invariants_.end()) known = found->second;
    }
    if (!known) {
      known = objection(basis.before->world(), *evidence);
      const std::lock_guard lock(mutex_);
      invariants_.emplace(name, *known);
    }
    if (!known->empty()) return fail("what conditions exclude: " + *known);
  }
  basis.grounds = &place(excluded);
  return basis;
}

}  // namespace bulkhead::certificate
