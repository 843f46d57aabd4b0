#include "checker/query/models.h"

#include <algorithm>
#include <set>
#include <utility>

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

/// What a variant is called without its own name: the model.
std::string model_of(const system::System& system) {
  const std::size_t own = system.variant.empty() ? 0 : system.variant.size() + 1;
  return system.name.substr(0, system.name.size() - std::min(own, system.name.size()));
}

/// What was said of models, so that it is not said of each of their variants again.
class Said {
 public:
  bool of_model(const system::System& variant, const std::string& what) const {
    return said_.count({model_of(variant), what}) != 0;
  }
  void add(const system::System& system, const std::string& what) {
    if (system.variant.empty()) said_.emplace(system.name, what);
  }

 private:
  std::set<std::pair<std::string, std::string>> said_;
};

/// Models first, in the order in which they are written.
std::vector<ir::SystemId> models_before_variants(const ir::World& world) {
  std::vector<ir::SystemId> order;
  for (const bool variants : {false, true}) {
    for (std::size_t i = 0; i < world.systems.size(); ++i) {
      if (world.systems[i].variant.empty() != variants) order.emplace_back(i);
    }
  }
  return order;
}

}  // namespace

std::vector<IdleAction> idle_actions(const ir::World& world, const engine::Budget& budget,
                                     const certificate::SolverOptions& second_solver, const CacheOptions& cache,
                                     CacheReport& report) {
  std::vector<IdleAction> idle;
  Said said;
  for (const ir::SystemId id : models_before_variants(world)) {
    const system::System& system = world.at(id);
    for (const system::ActionId action : engine::unseen_actions(system)) {
      if (said.of_model(system, system.at(action).name)) continue;
      const ir::World asked = never_enabled(system, action);
      const auto [verdict, checked] = answer(asked, budget, second_solver, cache, report);
      const bool accepted = checked.outcome == certificate::Outcome::Accepted;
      if (accepted && std::holds_alternative<verdict::Violated>(verdict)) continue;  // it fires
      said.add(system, system.at(action).name);
      const auto* unknown = std::get_if<verdict::Unknown>(&verdict);
      idle.push_back({id, action, accepted, unknown != nullptr ? unknown->reason : checked.reason});
    }
  }
  return idle;
}

std::vector<Undecidable> undecidable_conditions(const ir::World& world) {
  std::vector<Undecidable> list;
  Said said;
  for (const ir::SystemId id : models_before_variants(world)) {
    const system::System& system = world.at(id);
    for (engine::Outside& one : engine::outside_of_fragment(system)) {
      if (said.of_model(system, one.reason)) continue;
      said.add(system, one.reason);
      list.push_back({id, system.at(one.property).origin.span, std::move(one.condition), std::move(one.reason)});
    }
  }
  return list;
}

}  // namespace bulkhead::query
