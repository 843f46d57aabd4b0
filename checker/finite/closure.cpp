#include "checker/finite/closure.h"

#include <algorithm>
#include <cstdint>

namespace bulkhead::finite {

using ground::Bit;
using ground::Circuit;

namespace {

/// Gates that are simulated, all rounds together.
constexpr std::uint64_t kMostWork = 200'000'000;

enum class Ternary : std::uint8_t { No, Yes, Either };

Ternary negated(Ternary value) {
  return value == Ternary::Either ? value : value == Ternary::Yes ? Ternary::No : Ternary::Yes;
}
Ternary both(Ternary a, Ternary b) {
  if (a == Ternary::No || b == Ternary::No) return Ternary::No;
  return a == Ternary::Yes && b == Ternary::Yes ? Ternary::Yes : Ternary::Either;
}

/// Literals whose conjunction the bit is: what has to be true where it is.
std::vector<Bit> literals_of(const Circuit& circuit, Bit root) {
  std::vector<Bit> found, open{root};
  std::vector<bool> seen(circuit.size(), false);
  while (!open.empty()) {
    const Bit bit = open.back();
    open.pop_back();
    if (bit.gate() == 0 || seen[bit.gate()]) continue;
    seen[bit.gate()] = true;
    const Circuit::Gate& gate = circuit.at(bit.gate());
    if (!gate.is_input && !bit.negated()) {
      open.push_back(gate.left);
      open.push_back(gate.right);
    } else if (gate.is_input) {
      found.push_back(bit);
    }
  }
  return found;
}

class Simulation {
 public:
  explicit Simulation(const Net& net) : net_(net), values_(net.circuit->size(), Ternary::Either) {
    std::vector<Ternary> first(values_.size(), Ternary::Either);
    for (const Bit bit : literals_of(*net.circuit, net.initial)) {
      first[bit.gate()] = bit.negated() ? Ternary::No : Ternary::Yes;
    }
    for (const Bit bit : net.now) state_.push_back(first[bit.gate()]);
  }

  /// The values that each bit of the state can have; all of them where the work is too much.
  std::vector<Ternary> run() {
    for (std::uint64_t work = 0; step(); work += values_.size()) {
      if (work > kMostWork) return std::vector<Ternary>(state_.size(), Ternary::Either);
    }
    return state_;
  }

 private:
  Ternary value(Bit bit) const { return bit.negated() ? negated(values_[bit.gate()]) : values_[bit.gate()]; }

  /// Whether some bit can have more values after a step.
  bool step() {
    values_[0] = Ternary::No;
    for (std::size_t i = 0; i < state_.size(); ++i) values_[net_.now[i].gate()] = state_[i];
    for (std::uint32_t gate = 1; gate < values_.size(); ++gate) {
      const Circuit::Gate& one = net_.circuit->at(gate);
      if (!one.is_input) values_[gate] = both(value(one.left), value(one.right));
    }
    bool grew = false;
    for (std::size_t i = 0; i < state_.size(); ++i) {
      if (state_[i] == Ternary::Either || value(net_.next[i]) == state_[i]) continue;
      state_[i] = Ternary::Either;
      grew = true;
    }
    return grew;
  }

  const Net& net_;
  std::vector<Ternary> values_;  // by gate
  std::vector<Ternary> state_;
};

}  // namespace

Places closure(const Net& net) {
  const std::vector<Ternary> values = Simulation(net).run();
  Places fixed;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != Ternary::Either) fixed.emplace_back(i, values[i] == Ternary::Yes);
  }
  return fixed;
}

PrunedNet::PrunedNet(const Net& net) : fixed_(closure(net)) {
  const Circuit& from = *net.circuit;
  made_.assign(from.size(), ground::kFalse);
  std::vector<bool> is_fixed(from.size(), false);
  for (const auto& [place, value] : fixed_) {
    is_fixed[net.now[place].gate()] = true;
    made_[net.now[place].gate()] = value ? ground::kTrue : ground::kFalse;
  }
  const auto image = [&](Bit bit) { return bit.negated() ? !made_[bit.gate()] : made_[bit.gate()]; };
  for (std::uint32_t gate = 1; gate < from.size(); ++gate) {
    const Circuit::Gate& one = from.at(gate);
    if (is_fixed[gate]) continue;
    made_[gate] = one.is_input ? circuit_.input() : circuit_.both(image(one.left), image(one.right));
  }
  small_.circuit = &circuit_;
  for (std::size_t i = 0; i < net.now.size(); ++i) {
    if (is_fixed[net.now[i].gate()]) continue;
    places_.push_back(i);
    small_.now.push_back(image(net.now[i]));
    small_.next.push_back(image(net.next[i]));
  }
  small_.initial = image(net.initial);
  small_.allowed = image(net.allowed);
  small_.bad = image(net.bad);
  small_.always = image(net.always);
}

NetInvariant PrunedNet::invariant() const {
  NetInvariant made;
  for (const auto& [place, value] : fixed_) made.excluded.push_back({{place, !value}});
  return made;
}

NetRun PrunedNet::original(const NetRun& run) const {
  NetRun whole;
  for (const std::vector<bool>& values : run.values) {
    auto& moment = whole.values.emplace_back();
    for (const Bit bit : made_) moment.push_back(values[bit.gate()] != bit.negated());
  }
  return whole;
}

NetOutcome PrunedNet::original(NetOutcome outcome) const {
  if (const auto* run = std::get_if<NetRun>(&outcome)) return original(*run);
  auto* found = std::get_if<NetInvariant>(&outcome);
  if (found == nullptr || found->k > 1) return outcome;
  NetInvariant whole = invariant();
  for (Places& cube : found->excluded) {
    for (auto& [place, value] : cube) place = places_[place];
    whole.excluded.push_back(std::move(cube));
  }
  std::sort(whole.excluded.begin(), whole.excluded.end());
  return whole;
}

}  // namespace bulkhead::finite
