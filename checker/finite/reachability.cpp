#include <utility>

#include "checker/finite/closure.h"
#include "checker/finite/net.h"
#include "checker/finite/steps.h"

namespace bulkhead::finite {

using ground::Bit;
using ground::Bits;
using ground::Ground;

namespace {

/// The sweep as a net; `places` are the bits of the state by entry.
struct SweepNet {
  SweepNet(Ground& ground, const Claim& claim) : state(ground.state()) {
    const Bit holds = ground.holds(state, claim.formula);
    net.bad = claim.always ? !holds : holds;
    net.initial = ground.initial(state);
    net.always = ground.in_range(state);
    for (const system::Property& property : ground.system().properties) {
      if (property.kind != system::PropertyKind::Assumption) continue;
      net.always = ground.circuit().both(net.always, ground.holds(state, property.formula));
    }
    step = sweep(ground, state);
    for (std::size_t entry = 0; entry < state.size(); ++entry) {
      for (std::size_t bit = 0; bit < state[entry].size(); ++bit) {
        places.emplace_back(entry, bit);
        net.now.push_back(state[entry][bit]);
        net.next.push_back(step.after[entry][bit]);
      }
    }
    net.circuit = &ground.circuit();
  }

  Bits state;
  Step step;
  Net net;
  std::vector<std::pair<std::size_t, std::size_t>> places;  // entry, bit
};

Invariant by_entry(const SweepNet& sweep, const NetInvariant& invariant) {
  Invariant found;
  for (const Places& cube : invariant.excluded) {
    Cube& excluded = found.excluded.emplace_back();
    for (const auto& [place, value] : cube) {
      excluded.push_back({sweep.places[place].first, sweep.places[place].second, value});
    }
  }
  return found;
}

system::Run lifted(const Ground& ground, const SweepNet& sweep, const NetRun& found) {
  const auto at = [](const std::vector<bool>& values) {
    return [&values](Bit bit) { return values[bit.gate()] != bit.negated(); };
  };
  system::Run run{ground.scope(), ground.lift(sweep.state, at(found.values.front())), {}, std::nullopt};
  for (std::size_t moment = 0; moment + 1 < found.values.size(); ++moment) {
    for (system::Fired& fired : lift(ground, sweep.step, at(found.values[moment]))) {
      run.steps.push_back(std::move(fired));
    }
  }
  return run;
}

}  // namespace

Outcome reachability(const system::System& system, const system::Scope& scope, const Claim& claim,
                     const Limits& limits) {
  auto made = Ground::make(system, scope, Watch(limits.stop));
  if (!made.ok()) return Open{made.error().why, std::nullopt};
  Ground& ground = made.value();
  const SweepNet sweep(ground, claim);
  if (ground.is_spent()) return Open{ground.why_spent(), std::nullopt};
  const PrunedNet pruned(sweep.net);
  const NetOutcome outcome = pruned.original(ic3(pruned.net(), limits));
  if (const auto* open = std::get_if<Open>(&outcome)) return *open;
  if (const auto* run = std::get_if<NetRun>(&outcome)) return Violated{lifted(ground, sweep, *run)};
  return by_entry(sweep, std::get<NetInvariant>(outcome));
}

Outcome closed(const system::System& system, const system::Scope& scope, const Claim& claim, const Limits& limits) {
  auto made = Ground::make(system, scope, Watch(limits.stop));
  if (!made.ok()) return Open{made.error().why, std::nullopt};
  Ground& ground = made.value();
  const SweepNet sweep(ground, claim);
  if (ground.is_spent()) return Open{ground.why_spent(), std::nullopt};
  const PrunedNet pruned(sweep.net);
  if (!pruned.decides()) return Open{"the closure reaches it", std::nullopt};
  return by_entry(sweep, pruned.invariant());
}

}  // namespace bulkhead::finite
