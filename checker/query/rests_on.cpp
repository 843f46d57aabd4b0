#include "checker/query/rests_on.h"

#include <algorithm>
#include <variant>

#include "lang/ir/flow_text.h"
#include "lang/system/dump.h"

namespace bulkhead::query {
namespace {

bool is_about_influence(const ir::Claim& claim) {
  return std::holds_alternative<ir::Isolated>(claim.form) || std::holds_alternative<ir::Protected>(claim.form) ||
         std::holds_alternative<ir::NoFlow>(claim.form) || std::holds_alternative<ir::KeepsApart>(claim.form);
}

bool lies_in(const source::Span& inner, const source::Span& outer) {
  return inner.file.valid() && inner.file == outer.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

/// Whether a sentence of the system was written in `other`.
bool has_sentence_of(const system::System& system, const system::System& other) {
  const auto there = [&](const auto& one) { return lies_in(one.origin.span, other.origin.span); };
  return std::any_of(system.functions.begin(), system.functions.end(), there) ||
         std::any_of(system.actions.begin(), system.actions.end(), there) ||
         std::any_of(system.properties.begin(), system.properties.end(), there);
}

}  // namespace

const Basis& Bases::basis(ir::SystemId id) {
  const auto [found, fresh] = known_.try_emplace(id);
  if (!fresh) return found->second;
  const system::System& system = world_.at(id);
  Basis made{system.name, system.origin.span, sha256(system::canonical_text(system)), {}};
  for (const system::Property& property : system.properties) {
    if (property.kind == system::PropertyKind::Assumption)
      made.assumptions.push_back({property.name, property.origin.text});
  }
  return found->second = std::move(made);
}

std::vector<Basis> Bases::of(const ir::Claim& claim) {
  if (is_about_influence(claim)) return {{"flow", {}, sha256(ir::canonical_text(world_.flow)), {}}};
  const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form);
  if (theorem == nullptr) return {};
  std::vector<Basis> list{basis(theorem->system)};
  for (std::size_t i = 0; i < world_.systems.size(); ++i) {
    const system::System& other = world_.systems[i];
    if (ir::SystemId{i} == theorem->system || !other.variant.empty()) continue;
    if (has_sentence_of(world_.at(theorem->system), other)) list.push_back(basis(ir::SystemId{i}));
  }
  return list;
}

}  // namespace bulkhead::query
