#include "checker/query/models.h"

#include "checker/certificate/check.h"
#include "checker/engine/engine.h"
#include "checker/engine/firing.h"
#include "checker/query/shown.h"

namespace bulkhead::query {
namespace {

/// A world that claims nothing but that the action is never enabled.
ir::World never_enabled(const system::System& system, system::ActionId action) {
  engine::Enabled enabled = engine::enabled(system, action);
  ir::World world;
  world.systems.push_back(std::move(enabled.system));
  ir::Claim claim;
  claim.name = claim.text = "`" + system.at(action).name + "` never fires";
  claim.form = ir::TheoremClaim{ir::SystemId{0}, {system::Never{enabled.formula}, {}}};
  world.sentences.push_back({{}, claim.text, false, false});
  claim.sentence = ir::SentenceId{0};
  world.claims.push_back(std::move(claim));
  return world;
}

/// A verdict with what was made of its evidence.
struct Answer {
  verdict::Verdict verdict = verdict::Unknown{"no question could be made of it"};
  certificate::Checked checked;
};

/// The only claim of the world, from the cache where evidence that is accepted is found there.
Answer answer(const ir::World& asked, const engine::Budget& budget, const certificate::SolverOptions& second_solver,
              const CacheOptions& options, CacheReport& report) {
  Answer found;
  const auto obligation = obligation::obligation(asked, ir::ClaimId{0}, {});
  std::vector<std::string> hints;
  const auto check = [&] {
    found.checked = certificate::check(asked, {{ir::ClaimId{0}, {}, &found.verdict, &hints}}, second_solver).front();
    return found.checked.outcome == certificate::Outcome::Accepted;
  };
  if (!obligation) {
    check();
    return found;
  }
  CertificateCache cache(asked, options);
  if (auto known = cache.find(*obligation, report)) {
    found.verdict = std::move(known->verdict);
    hints = std::move(known->hints);
    if (check()) {
      ++report.hits;
      return found;
    }
    if (found.checked.outcome == certificate::Outcome::Rejected) cache.drop(*obligation, found.checked.reason, report);
  }
  engine::Session session(asked, budget);
  found.verdict = engine::solve(*obligation, session);
  hints.clear();
  if (check() && cache.enabled())
    cache.store(*obligation, found.verdict, hints_of(asked, *obligation, found.verdict), report);
  return found;
}

}  // namespace

std::vector<IdleAction> idle_actions(const ir::World& world, const engine::Budget& budget,
                                     const certificate::SolverOptions& second_solver, const CacheOptions& cache,
                                     CacheReport& report) {
  std::vector<IdleAction> idle;
  for (std::size_t i = 0; i < world.systems.size(); ++i) {
    const system::System& system = world.systems[i];
    if (!system.variant.empty()) continue;
    for (const system::ActionId action : engine::unseen_actions(system)) {
      const ir::World asked = never_enabled(system, action);
      const auto [verdict, checked] = answer(asked, budget, second_solver, cache, report);
      const bool accepted = checked.outcome == certificate::Outcome::Accepted;
      if (accepted && std::holds_alternative<verdict::Violated>(verdict)) continue;  // it fires
      const auto* unknown = std::get_if<verdict::Unknown>(&verdict);
      idle.push_back({ir::SystemId{i}, action, accepted, unknown != nullptr ? unknown->reason : checked.reason});
    }
  }
  return idle;
}

std::vector<Undecidable> undecidable_conditions(const ir::World& world) {
  std::vector<Undecidable> list;
  for (std::size_t i = 0; i < world.systems.size(); ++i) {
    if (!world.systems[i].variant.empty()) continue;
    for (engine::Outside& one : engine::outside_of_fragment(world.systems[i])) {
      list.push_back({ir::SystemId{i}, std::move(one.condition), std::move(one.reason)});
    }
  }
  return list;
}

}  // namespace bulkhead::query
