#include "checker/universe/reliance.h"

#include <algorithm>
#include <variant>

#include "checker/universe/path_algebra.h"

namespace bulkhead::universe {
namespace {

bool speaks_of(const ir::Claim& claim, const ir::SubjectRef& reference, ir::SubjectId subject) {
  if (!reference.bound()) return reference.fixed == subject;
  if (!claim.quantifier) return false;
  const auto& domain = claim.quantifier->domain;
  return std::find(domain.begin(), domain.end(), subject) != domain.end();
}

std::vector<PathPattern> on_volume(const ir::ObjectPatterns& patterns, ir::VolumeId volume) {
  std::vector<PathPattern> paths;
  if (patterns.everything) paths.push_back({"/**", ""});
  for (const ir::FilePattern& pattern : patterns.files) {
    if (pattern.volume == volume) paths.push_back({pattern.glob, pattern.prefix});
  }
  return paths;
}

bool files_meet(const ir::World& world, const ir::ObjectPatterns& a, const ir::ObjectPatterns& b) {
  for (std::size_t i = 0; i < world.volumes.size(); ++i) {
    const auto left = on_volume(a, ir::VolumeId{i});
    const auto right = on_volume(b, ir::VolumeId{i});
    if (left.empty() || right.empty()) continue;
    const auto left_language = Nfa::build(left);
    const auto right_language = Nfa::build(right);
    // Undecided counts as meeting: naming a claim too many misleads nobody, and no decision depends on it.
    if (!left_language.ok() || !right_language.ok()) return true;
    if (!std::holds_alternative<NoPath>(intersection_witness(*left_language, *right_language))) return true;
  }
  return false;
}

bool meet(const ir::NetPattern& a, const ir::NetPattern& b) {
  return a.first.family == b.first.family &&
         std::max(a.first.bytes, b.first.bytes) <= std::min(a.last.bytes, b.last.bytes) &&
         std::max(a.first_port, b.first_port) <= std::min(a.last_port, b.last_port) && (a.protos & b.protos) != 0;
}

template <class Item, class Meets>
bool any_pair(const std::vector<Item>& a, const std::vector<Item>& b, Meets meets) {
  return std::any_of(a.begin(), a.end(), [&](const Item& left) {
    return std::any_of(b.begin(), b.end(), [&](const Item& right) { return meets(left, right); });
  });
}

bool objects_meet(const ir::World& world, ir::Plane plane, const ir::ObjectPatterns& a, const ir::ObjectPatterns& b) {
  if (plane == ir::Plane::File) return files_meet(world, a, b);
  const auto some = [](const ir::ObjectPatterns& patterns) {
    return patterns.everything || !patterns.nets.empty() || !patterns.syscalls.empty() ||
           !patterns.capabilities.empty();
  };
  if (a.everything || b.everything) return some(a) && some(b);
  const auto same = [](const auto& left, const auto& right) { return left == right; };
  return any_pair(a.nets, b.nets,
                  [](const ir::NetPattern& left, const ir::NetPattern& right) { return meet(left, right); }) ||
         any_pair(a.syscalls, b.syscalls, same) || any_pair(a.capabilities, b.capabilities, same);
}

}  // namespace

std::vector<AccessClaim> access_claims(const ir::World& world, ir::SubjectId subject) {
  std::vector<AccessClaim> claims;
  for (std::size_t i = 0; i < world.claims.size(); ++i) {
    const ir::Claim& claim = world.claims[i];
    if (claim.mode != ir::ClaimMode::Prove) continue;
    const auto add = [&](const auto& form, bool denies) {
      if (speaks_of(claim, form.subject, subject))
        claims.push_back({ir::ClaimId{i}, denies, form.rights, &form.objects});
    };
    if (const auto* can = std::get_if<ir::Can>(&claim.form)) add(*can, false);
    if (const auto* cannot = std::get_if<ir::Cannot>(&claim.form)) add(*cannot, true);
    if (const auto* not_granted = std::get_if<ir::NotGranted>(&claim.form)) add(*not_granted, true);
  }
  return claims;
}

ir::ClaimId relying_claim(const ir::World& world, const ir::Rule& rule, const std::vector<AccessClaim>& claims) {
  for (const AccessClaim& claim : claims) {
    if (claim.denies != (rule.effect == ir::Effect::Forbid) || claim.objects->plane != rule.plane) continue;
    if ((claim.rights & rule.rights).empty()) continue;
    if (objects_meet(world, rule.plane, claim.objects->patterns, rule.objects)) return claim.claim;
  }
  return {};
}

}  // namespace bulkhead::universe
