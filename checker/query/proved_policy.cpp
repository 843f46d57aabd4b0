#include "checker/query/proved_policy.h"

#include <algorithm>

namespace bulkhead::query {
namespace {

/// The subjects that a claim names, and whether it names its quantified variable.
struct Named {
  std::vector<ir::SubjectId> fixed;
  bool variable = false;
  bool everybody = false;

  void add(const ir::SubjectRef& reference) {
    if (reference.bound())
      variable = true;
    else
      fixed.push_back(reference.fixed);
  }
  void add(const std::vector<ir::SubjectRef>& references) {
    for (const ir::SubjectRef& reference : references) add(reference);
  }
};

struct Collect {
  Named& named;
  void operator()(const ir::Can& claim) { named.add(claim.subject); }
  void operator()(const ir::Cannot& claim) { named.add(claim.subject); }
  void operator()(const ir::NotGranted& claim) { named.add(claim.subject); }
  void operator()(const ir::Isolated& claim) {
    named.add(claim.left);
    named.add(claim.right);
  }
  void operator()(const ir::Protected& claim) {
    named.add(claim.left);
    named.add(claim.right);
  }
  void operator()(const ir::CannotAcquire& claim) { named.add(claim.subject); }
  void operator()(const ir::ConfinedTo& claim) { named.add(claim.subject); }
  void operator()(const ir::SharesNo& claim) { named.add(claim.subject); }
  void operator()(const ir::KeepsApart& claim) { named.add(claim.subject); }
  void operator()(const ir::Attenuates& claim) {
    named.add(claim.child);
    named.add(claim.parent);
  }
  void operator()(const ir::NoFlow&) { named.everybody = true; }  // whoever is cleared for less, or for nothing
  void operator()(const ir::Refines& claim) {
    named.add(claim.left);
    named.add(claim.right);
  }
  void operator()(const ir::Equivalent& claim) {
    named.add(claim.left);
    named.add(claim.right);
  }
  void operator()(const ir::Fits& claim) { named.fixed.push_back(claim.host); }
  void operator()(const ir::Guaranteed& claim) { named.add(claim.subject); }
  void operator()(const ir::TheoremClaim&) {}  // of a model: it speaks of no subject of the policy
};

bool contains(const std::vector<ir::SubjectId>& list, ir::SubjectId subject) {
  return std::find(list.begin(), list.end(), subject) != list.end();
}

std::optional<NotProved> missing_claims(const ir::World& world, const Proof& proof) {
  if (proof.refused) return NotProved{proof.refused->reason, std::nullopt, Status::Unknown};
  for (std::size_t i = 0; i < world.claims.size(); ++i) {
    const bool present = std::any_of(proof.claims.begin(), proof.claims.end(),
                                     [&](const ClaimResult& result) { return result.claim == ir::ClaimId{i}; });
    if (!present)
      return NotProved{"claim `" + world.claims[i].name + "` was not decided", ir::ClaimId{i}, Status::Unknown};
  }
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (!ir::is_declared_container(world.subjects[i])) continue;
    const bool spoken_of = std::any_of(world.claims.begin(), world.claims.end(), [&](const ir::Claim& claim) {
      return speaks_of(world, claim, ir::SubjectId{i});
    });
    if (!spoken_of)
      return NotProved{"no claim speaks of `" + world.subjects[i].name + "`", std::nullopt, Status::Unknown};
  }
  return std::nullopt;
}

/// Every case of every claim must be there: a proof may come from anywhere.
bool has_all_cases(const ir::World& world, const ClaimResult& result) {
  const auto needed = obligation::instances(world, result.claim);
  if (world.at(result.claim).mode == ir::ClaimMode::Refute) return !result.cases.empty();  // one violated case suffices
  return needed.size() == result.cases.size() && std::equal(needed.begin(), needed.end(), result.cases.begin(),
                                                            [](const auto& instance, const CaseResult& made) {
                                                              return instance.variable == made.instance.variable &&
                                                                     instance.direction == made.instance.direction;
                                                            });
}

}  // namespace

bool speaks_of(const ir::World&, const ir::Claim& claim, ir::SubjectId subject) {
  Named named;
  std::visit(Collect{named}, claim.form);
  return named.everybody || contains(named.fixed, subject) ||
         (named.variable && claim.quantifier && contains(claim.quantifier->domain, subject));
}

ProvedPolicy::ProvedPolicy(ir::World world, Proof proof)
    : world_(std::make_shared<const ir::World>(std::move(world))),
      proof_(std::make_shared<const Proof>(std::move(proof))) {}

std::vector<ir::ClaimId> ProvedPolicy::claims_about(ir::SubjectId container) const {
  std::vector<ir::ClaimId> claims;
  for (std::size_t i = 0; i < world_->claims.size(); ++i) {
    if (speaks_of(*world_, world_->claims[i], container)) claims.push_back(ir::ClaimId{i});
  }
  return claims;
}

Result<ProvedPolicy, NotProved> certify(ir::World world, Proof proof, const certificate::SolverOptions& options) {
  if (auto missing = missing_claims(world, proof)) return fail(*missing);
  std::vector<certificate::Item> items;
  for (const ClaimResult& result : proof.claims) {
    if (!has_all_cases(world, result)) return fail(NotProved{"a case is missing", result.claim, Status::Unknown});
    for (const CaseResult& one : result.cases) items.push_back({result.claim, one.instance, &one.verdict});
  }
  const auto checked = certificate::check(world, items, options);
  std::size_t next = 0;
  for (ClaimResult& result : proof.claims) {
    for (CaseResult& one : result.cases) one.checked = checked[next++];
    const ir::Claim& claim = world.at(result.claim);
    result.status = status_of(claim, result.cases, result.deciding, result.reason);
    if (result.status == Status::Satisfied) continue;
    std::string reason = "claim `" + claim.name + "` is " + std::string(to_string(result.status));
    if (!result.reason.empty()) reason += ": " + result.reason;
    return fail(NotProved{std::move(reason), result.claim, result.status});
  }
  return ProvedPolicy(std::move(world), std::move(proof));
}

ir::World with_default_claims(ir::World world) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const ir::SubjectId subject{i};
    if (!ir::is_declared_container(world.at(subject))) continue;
    const bool spoken_of = std::any_of(world.claims.begin(), world.claims.end(),
                                       [&](const ir::Claim& claim) { return speaks_of(world, claim, subject); });
    if (spoken_of) continue;
    ir::NotGranted form;
    form.subject.fixed = subject;
    form.rights = ir::Rights::all_of(ir::Plane::File);
    form.objects.text = "host:\"/**\"";
    form.objects.patterns.files.push_back({ir::kHost, "/**", ""});
    ir::Claim claim;
    claim.name = "default_" + world.at(subject).name;
    claim.text = world.at(subject).name + " not granted read, write, rename, link, execute host:\"/**\"";
    claim.form = std::move(form);
    world.sentences.push_back({{}, "no claim speaks of `" + world.at(subject).name + "`: " + claim.text, true, false});
    claim.sentence = ir::SentenceId{world.sentences.size() - 1};
    world.claims.push_back(std::move(claim));
  }
  return world;
}

}  // namespace bulkhead::query
