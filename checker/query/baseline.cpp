#include "checker/query/baseline.h"

#include <algorithm>

#include "checker/query/places.h"
#include "checker/query/proved_policy.h"
#include "lang/ir/conditions.h"

namespace bulkhead::query {
namespace {

constexpr std::size_t kHolds = 0;
constexpr std::size_t kViolated = 1;

/// By the form of a claim that holds.
struct BreaksHolding {
  Breaks operator()(const ir::Can&) const { return Breaks::OnLess; }
  Breaks operator()(const ir::Cannot&) const { return Breaks::OnMore; }
  Breaks operator()(const ir::NotGranted&) const { return Breaks::OnMore; }
  Breaks operator()(const ir::Isolated&) const { return Breaks::OnMore; }
  Breaks operator()(const ir::Protected&) const { return Breaks::OnMore; }
  Breaks operator()(const ir::CannotAcquire&) const { return Breaks::OnMore; }
  Breaks operator()(const ir::ConfinedTo&) const { return Breaks::OnMore; }
  Breaks operator()(const ir::NoFlow&) const { return Breaks::OnMore; }
  Breaks operator()(const ir::KeepsApart&) const { return Breaks::OnMore; }
  Breaks operator()(const ir::SharesNo&) const { return Breaks::OnEither; }
  Breaks operator()(const ir::Attenuates&) const { return Breaks::OnEither; }
  Breaks operator()(const ir::Refines&) const { return Breaks::OnEither; }
  Breaks operator()(const ir::Equivalent&) const { return Breaks::OnEither; }
  Breaks operator()(const ir::Fits&) const { return Breaks::OnSums; }
  Breaks operator()(const ir::Guaranteed&) const { return Breaks::OnSums; }
  Breaks operator()(const ir::TheoremClaim&) const { return Breaks::OnNothing; }
};

Breaks breaks_of(const ir::World& world, const ir::Claim& claim, std::size_t verdict) {
  const Breaks holding = std::visit(BreaksHolding{}, claim.form);
  // Who may more may keep somebody else from being handed something.
  const bool access = holding == Breaks::OnMore || holding == Breaks::OnLess;
  if (access && !ir::is_monotone(world)) return Breaks::OnEither;
  if (verdict == kHolds) return holding;
  if (verdict != kViolated) return Breaks::OnEither;
  if (holding == Breaks::OnMore) return Breaks::OnLess;
  return holding == Breaks::OnLess ? Breaks::OnMore : holding;
}

}  // namespace

bool Baseline::minds(Shift shift) const {
  switch (shift) {
    case Shift::None:
      return false;
    case Shift::Grows:
      return breaks != Breaks::OnLess && breaks != Breaks::OnSums;
    case Shift::Shrinks:
      return breaks != Breaks::OnMore && breaks != Breaks::OnSums;
    case Shift::Both:
      return breaks != Breaks::OnNothing;
    case Shift::Sums:
      return breaks == Breaks::OnSums;
  }
  return true;
}

std::string questions_of(const obligation::Obligation& obligation) {
  std::string text;
  const auto add = [&](const std::vector<obligation::LabelledQuery>& queries) {
    for (const auto& query : queries) text += obligation::to_text(query.query);
  };
  if (const auto* empty = std::get_if<obligation::AllEmpty>(&obligation.goal)) add(empty->queries);
  if (const auto* some = std::get_if<obligation::SomeWitness>(&obligation.goal)) add(some->queries);
  if (const auto* linear = std::get_if<obligation::Linear>(&obligation.goal)) {
    for (const auto& sum : linear->sums) {
      text += sum.label;
      for (const auto& part : sum.parts) text += "+" + std::to_string(part.amount);
      for (const auto& part : sum.bound) text += "-" + std::to_string(part.amount);
    }
  }
  return text;
}

Baselines::Baselines(const ir::World& world, const std::vector<ClaimResult>& claims) {
  const obligation::Rules rules(world);
  conditions_ = text_of_conditions(rules);
  for (const ClaimResult& claim : claims) {
    for (const CaseResult& result : claim.cases) add(rules, claim.claim, result);
  }
}

void Baselines::add(const obligation::Rules& rules, ir::ClaimId claim, const CaseResult& result) {
  const ir::World& world = rules.world();
  const auto made = obligation::obligation(rules, claim, result.instance);
  if (!made) return;
  const ir::Claim& about = world.at(claim);
  Baseline base;
  base.claim = claim;
  base.instance = result.instance;
  base.verdict = result.verdict.index();
  base.breaks = breaks_of(world, about, base.verdict);
  base.questions = questions_of(*made);
  const auto* graph = std::get_if<obligation::Unreachable>(&made->goal);
  base.graph = graph != nullptr || std::holds_alternative<obligation::Apart>(made->goal);
  const bool rights_move = !world.delegations.empty() || !world.holdings.empty();
  base.always_asks = !made->not_vacuous.empty();
  if (const auto* holds = std::get_if<verdict::Holds>(&result.verdict)) {
    const verdict::Certificate& certificate = holds->certificate;
    base.objects = certificate.not_vacuous;
    if (const auto* witness = std::get_if<verdict::WitnessEvidence>(&certificate.evidence))
      base.witnesses = witness->requests;
    const auto* closed = std::get_if<verdict::ClosedEvidence>(&certificate.evidence);
    // Where rights move, an edge of one subject depends on the rules of others.
    const bool by_itself = graph != nullptr && graph->view == obligation::View{} && !rights_move;
    if (closed != nullptr && by_itself) {
      const auto [found, fresh] = places_.emplace(closed->closed, closed_.size());
      if (fresh) closed_.push_back(closed->closed);
      base.closed = found->second;
    }
  }
  const bool everyone = base.graph || rights_move || std::holds_alternative<ir::SharesNo>(about.form) ||
                        std::holds_alternative<obligation::Linear>(made->goal);
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const ir::SubjectId subject{i};
    if (everyone || (about.quantifier ? result.instance.variable == subject : speaks_of(world, about, subject)))
      by_subject_[subject].push_back(all_.size());
  }
  all_.push_back(std::move(base));
}

std::vector<std::size_t> Baselines::about(const Owners& owners) const {
  std::vector<std::size_t> indices;
  if (owners.everybody) {
    for (std::size_t i = 0; i < all_.size(); ++i) indices.push_back(i);
    return indices;
  }
  for (const ir::SubjectId subject : owners.subjects) {
    if (const auto found = by_subject_.find(subject); found != by_subject_.end())
      indices.insert(indices.end(), found->second.begin(), found->second.end());
  }
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  return indices;
}

}  // namespace bulkhead::query
